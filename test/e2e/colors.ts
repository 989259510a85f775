/** Contrast of two CSS colours, as WCAG 2 defines it. */

/** Red, green and blue from 0 to 1 of `rgb(…)` or `rgba(…)`; alpha is laid over `ground`. */
function channels(color: string, ground: readonly number[]): number[] {
  const [r = 0, g = 0, b = 0, a = 1] = (/\(([^)]*)\)/.exec(color)?.[1] ?? "").split(/[,/]\s*/).map(Number);
  return [r, g, b].map((value, i) => (a * value) / 255 + (1 - a) * (ground[i] ?? 0));
}

/** Relative luminance (WCAG 2.2, definition of the term). */
function luminance(rgb: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = rgb.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio, 1 to 21, of a text colour on an opaque ground; both as `getComputedStyle` writes them. */
export function contrast(text: string, ground: string): number {
  const below = channels(ground, [0, 0, 0]);
  const [a, b] = [luminance(channels(text, below)), luminance(below)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
