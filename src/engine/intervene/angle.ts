/** Angle: each chosen state becomes a random vector at an angle to it (`angle_switch` in the first upload of the paper's code). */
import type { Matrix } from "../matrix.ts";
import { norm, row } from "../matrix.ts";
import { normalStream, uniformStream } from "../random.ts";

/**
 * Random vectors at an angle to the inputs of block k that they replace, each as long as its state.
 *
 * @param replaced `[positions, width]`, the unpatched inputs of block k
 * @param positions their 0-based positions: seed, k and position make the direction, whatever else is replaced
 * @param degrees 0 gives the states themselves, 90 vectors orthogonal to them, 180 their opposites
 * @returns `[positions, width]`
 */
export function angleStates(
  replaced: Matrix,
  positions: readonly number[],
  k: number,
  seed: number,
  degrees: number,
): Matrix {
  const { rows, width } = replaced;
  const data = new Float32Array(rows * width);
  positions.forEach((position, i) => {
    // The noise of the condition random, so that an angle of 90° is that noise without its part along the state.
    const noise = Float64Array.from({ length: width }, normalStream(uniformStream(seed, k, position)));
    data.set(turned(row(replaced, i), noise, degrees), i * width);
  });
  return { data, rows, width };
}

/**
 * |h| * (cos(angle) * h / |h| + sin(angle) * u), u the unit vector of the noise's part orthogonal to h, in double precision.
 *
 * @param state h, `[width]`; zeros stay zeros, since they have no direction
 * @param noise `[width]`, not along h
 * @returns `[width]`
 */
export function turned(state: Float32Array, noise: Float64Array, degrees: number): Float64Array {
  const length = norm(state);
  if (length === 0) return Float64Array.from(state);
  const across = orthogonal(noise, state, length);
  const radians = (degrees * Math.PI) / 180;
  const [along, aside] = [Math.cos(radians), (Math.sin(radians) * length) / norm(across)];
  return across.map((value, i) => along * state[i]! + aside * value);
}

function orthogonal(vector: Float64Array, state: Float32Array, length: number): Float64Array {
  const share = vector.reduce((sum, value, i) => sum + value * state[i]!, 0) / length ** 2;
  return vector.map((value, i) => value - share * state[i]!);
}
