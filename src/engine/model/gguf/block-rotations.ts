/** The rotation of each block of an opened decoder. */
import type { Hyperparameters } from "./hyperparameters.ts";
import { isRotated, windowOf } from "./hyperparameters.ts";
import type { Rotation } from "./rope.ts";
import { noRotation, rotationOf } from "./rope.ts";

/** Blocks that turn alike get the same object. */
export class BlockRotations {
  readonly #shape: Hyperparameters;
  readonly #full: Rotation;
  readonly #windowed: Rotation;
  readonly #none: Rotation;

  /** @param divisors of the frequencies, `[ropeWidth / 2]`: the file's `rope_freqs` */
  constructor(shape: Hyperparameters, divisors: Float32Array | undefined) {
    const { ropes, ropeWidth } = shape;
    this.#shape = shape;
    this.#full = rotationOf(ropes.full, ropeWidth, divisors);
    this.#windowed = rotationOf(ropes.windowed, ropeWidth, divisors);
    this.#none = noRotation(ropeWidth);
  }

  /** Rotation of block k. */
  of(k: number): Rotation {
    if (!isRotated(this.#shape, k)) return this.#none;
    return windowOf(this.#shape, k) === null ? this.#full : this.#windowed;
  }
}
