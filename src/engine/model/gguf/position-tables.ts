/** What depends on positions alone: rotary angles and the causal mask. */
import type { Hyperparameters } from "./hyperparameters.ts";

/** Cosines and sines, `[positions, ropeWidth / 2]` each. */
export interface RotaryTables {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/**
 * Rotation frequencies, `[ropeWidth / 2]` (RoFormer, equation 15): `base^(-2i / ropeWidth)`, over the linear scaling factor
 * and, for Llama 3.1 and later, over the file's own divisors.
 */
export function rotaryFrequencies(shape: Hyperparameters, divisors: Float32Array | undefined): Float32Array {
  return Float32Array.from({ length: shape.ropeWidth / 2 }, (_, i) => {
    const frequency = 1 / shape.ropeBase ** ((2 * i) / shape.ropeWidth);
    return frequency / shape.ropeFactor / (divisors ? divisors[i]! : 1);
  });
}

/** Angles of positions 0..positions-1. */
export function rotaryTables(frequencies: Float32Array, positions: number): RotaryTables {
  const half = frequencies.length;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * frequencies[i]!;
      cos[position * half + i] = Math.cos(angle);
      sin[position * half + i] = Math.sin(angle);
    }
  }
  return { cos, sin };
}

/** Added to a score that must not count: `exp` of it is 0 in float32, and no sum of it overflows. */
const HIDDEN = -1e9;

/**
 * Mask for queries at positions `start..start+positions-1` over keys 0..start+positions-1, `[positions, start + positions]`:
 * 0 where a query sees a key.
 *
 * @param window how many positions a query sees, itself included; null for all
 */
export function causalMask(start: number, positions: number, window: number | null): Float32Array {
  const keys = start + positions;
  const mask = new Float32Array(positions * keys);
  for (let i = 0; i < positions; i++) {
    const last = start + i;
    const first = window === null ? 0 : Math.max(0, last - window + 1);
    mask.fill(HIDDEN, i * keys, i * keys + first);
    mask.fill(HIDDEN, i * keys + last + 1, (i + 1) * keys);
  }
  return mask;
}
