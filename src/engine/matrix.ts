/** Row-major float32 matrices, the form in which hidden states and logits travel between the parts. */

/** `data` holds `rows * width` numbers, row after row. */
export interface Matrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly width: number;
}

/** A view (not a copy) of row `index` (0-based), `[width]`. */
export function row(matrix: Matrix, index: number): Float32Array {
  return matrix.data.subarray(index * matrix.width, (index + 1) * matrix.width);
}

/** Euclidean (L2) norm, summed in double precision. */
export function norm(vector: Iterable<number>): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}

/** Index of the largest value; the first of equals; -1 for an empty vector. */
export function argmax(vector: ArrayLike<number>): number {
  let best = -1;
  for (let i = 0; i < vector.length; i++) if (best < 0 || vector[i]! > vector[best]!) best = i;
  return best;
}
