/** How colours look to people who lack a kind of cone, and how far colours are from each other. */

/** Red, green, blue, linear light, 0 to 1. */
type Linear = readonly [number, number, number];

/**
 * Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE
 * Transactions on Visualization and Computer Graphics 15 (2009), severity 1.0; on linear light.
 */
const MACHADO = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
} as const;

/** Kinds of sight; `gray` is that of a copy without colour. */
export type Sight = "normal" | "gray" | keyof typeof MACHADO;

/** Light of `#rrggbb` as it is seen. */
function seen(color: string, sight: Sight): Linear {
  const light = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Linear;
  if (sight === "normal") return light;
  if (sight === "gray") {
    const y = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
    return [y, y, y];
  }
  const channel = ([r, g, b]: Linear): number =>
    Math.min(1, Math.max(0, r * light[0] + g * light[1] + b * light[2]));
  const [red, green, blue] = MACHADO[sight];
  return [channel(red), channel(green), channel(blue)];
}

/** CIE L*a*b* under D65 of linear sRGB (IEC 61966-2-1). */
function lab([r, g, b]: Linear): Linear {
  const f = (t: number): number => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Distance of two colours `#rrggbb` in CIE L*a*b* (ΔE 1976; 2.3 is just seen side by side). */
export function distance(a: string, b: string, sight: Sight): number {
  const [one, other] = [lab(seen(a, sight)), lab(seen(b, sight))];
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}
