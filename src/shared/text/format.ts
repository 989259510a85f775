/** Numbers in few characters, the same way in editor, panel, exports and command line. */

/** Probability of a natural log probability: three decimals, small ones as powers of ten; `–` when there is none. */
export function probabilityText(logprob: number | null): string {
  return logprob === null ? "–" : shareText(Math.exp(logprob));
}

/** A probability, 0..1: `0.984`, `4e-5`. */
export function shareText(probability: number): string {
  return probability >= 0.0005 || probability === 0 ? probability.toFixed(3) : probability.toExponential(0);
}

/** Two decimals, one for large numbers; a real minus, and none before zero. */
export function decimalText(value: number): string {
  const text = value.toFixed(Math.abs(value) < 10 ? 2 : 1);
  return Number(text) === 0 ? "0.00" : text.replace("-", "−");
}

/** A signed number with one decimal and a real minus; `–` when there is none. */
export function signedText(value: number | null): string {
  if (value === null) return "–";
  const rounded = value.toFixed(1);
  if (Number(rounded) === 0) return "0.0";
  return value < 0 ? `−${rounded.slice(1)}` : `+${rounded}`;
}

/** Length of a state: three digits, all of them from 100 up. */
export function normText(norm: number): string {
  return norm >= 100 ? norm.toFixed(0) : norm.toPrecision(3);
}

/** Ticks of an axis of blocks: the ends, and round steps between that leave room for their numbers. */
export function blockTicks(from: number, to: number, width: number): readonly number[] {
  const count = to - from + 1;
  const room = Math.max(1, Math.floor(width / 30));
  const step =
    [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 50, 100].find((size) => count / size <= room) ?? count;
  const ticks = [from];
  const minimumGap = Math.max(1, Math.ceil((22 * count) / Math.max(1, width)));
  for (let k = Math.ceil((from + 1) / step) * step; k < to; k += step) {
    if (k - from >= minimumGap && to - k >= minimumGap) ticks.push(k);
  }
  if (to > from) ticks.push(to);
  return ticks;
}

/** A difference with its sign: two decimals, an exponent where they would say nothing, `0` for none at all. */
export function differenceText(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 0.005 ? size.toFixed(2) : size.toExponential(0);
  return `${value < 0 ? "−" : "+"}${text}`;
}

/** Bytes for people: `1.5 GB`, `12 MB`. */
export function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return `${Math.max(0.1, bytes / 1e6).toFixed(bytes >= 10e6 ? 0 : 1)} MB`;
}
