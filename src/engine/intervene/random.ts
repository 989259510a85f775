/** Random: each chosen state becomes Gaussian noise of the same length (docs/conditions/random.md). */
import type { Matrix } from "../matrix.ts";
import { norm, row } from "../matrix.ts";
import { normalStream, uniformStream } from "../random.ts";

/**
 * Noise for the inputs of block k, each row scaled to the L2 norm of the state that it replaces: v / |v| * |h|.
 *
 * @param replaced `[positions, width]`, the unpatched inputs of block k
 * @param positions their 0-based positions: seed, k and position make the noise, whatever else is replaced
 * @returns `[positions, width]`
 */
export function randomStates(
  replaced: Matrix,
  positions: readonly number[],
  k: number,
  seed: number,
): Matrix {
  const { rows, width } = replaced;
  const data = new Float32Array(rows * width);
  positions.forEach((position, i) => {
    const normal = normalStream(uniformStream(seed, k, position));
    const noise = Float64Array.from({ length: width }, normal);
    const scale = norm(row(replaced, i)) / norm(noise);
    data.set(
      noise.map((value) => value * scale),
      i * width,
    );
  });
  return { data, rows, width };
}
