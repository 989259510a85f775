/** Shuffle: the coordinates of each chosen state are permuted (docs/conditions/shuffle.md). */
import type { Matrix } from "../matrix.ts";
import { row } from "../matrix.ts";
import { permutation, uniformStream } from "../random.ts";

/**
 * States with permuted coordinates: new[i] = old[order[i]], a permutation of its own for each position. (The paper's code
 * seeds with block times position, so that position 0 and k = 0 share one permutation; nothing hangs on that.)
 *
 * @param replaced `[positions, width]`, the unpatched inputs of block k
 * @param positions their 0-based positions: seed, k and position make the permutation
 * @returns `[positions, width]`
 */
export function shuffledStates(
  replaced: Matrix,
  positions: readonly number[],
  k: number,
  seed: number,
): Matrix {
  const { rows, width } = replaced;
  const data = new Float32Array(rows * width);
  positions.forEach((position, i) => {
    const order = permutation(width, uniformStream(seed, k, position));
    const old = row(replaced, i);
    for (let j = 0; j < width; j++) data[i * width + j] = old[order[j]!]!;
  });
  return { data, rows, width };
}
