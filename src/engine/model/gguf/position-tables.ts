/** What depends on positions alone: rotary angles and the causal mask. */
import type { Rotation } from "./rope.ts";

/** Cosines and sines, `[positions, ropeWidth / 2]` each. */
export interface RotaryTables {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** Angles of positions 0..positions-1. */
export function rotaryTables({ frequencies, magnitude }: Rotation, positions: number): RotaryTables {
  const half = frequencies.length;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * frequencies[i]!;
      cos[position * half + i] = magnitude * Math.cos(angle);
      sin[position * half + i] = magnitude * Math.sin(angle);
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
