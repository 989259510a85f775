/** The rotation of each block of an opened decoder. */
import type { Hyperparameters } from "./hyperparameters.ts";
import { isRotated, windowOf } from "./hyperparameters.ts";
import type { Rotation } from "./rope.ts";
import { noRotation, rotationOf } from "./rope.ts";
import type { TensorSource } from "./tensor-source.ts";
import type { DecoderWeights } from "./weights.ts";

interface Kinds {
  readonly full: Rotation;
  readonly windowed: Rotation;
}

/** Blocks that turn alike get the same object. */
export class BlockRotations {
  readonly #shape: Hyperparameters;
  readonly #short: Kinds;
  /** Of prompts beyond {@link Hyperparameters.longRopeFrom}. */
  readonly #long: Kinds;
  readonly #none: Rotation;

  constructor(source: TensorSource, shape: Hyperparameters, { ropeDivisors }: DecoderWeights) {
    const { ropes, ropeWidth, longRopeFrom } = shape;
    const kinds = (divisors: Float32Array | undefined): Kinds => ({
      full: rotationOf(ropes.full, ropeWidth, divisors),
      windowed: rotationOf(ropes.windowed, ropeWidth, divisors),
    });
    this.#shape = shape;
    this.#short = kinds(ropeDivisors && source.floats(ropeDivisors.short));
    this.#long =
      longRopeFrom === null ? this.#short : kinds(ropeDivisors && source.floats(ropeDivisors.long));
    this.#none = noRotation(ropeWidth);
  }

  /**
   * Rotation of block k.
   *
   * @param tokens of the whole prompt
   */
  of(k: number, tokens: number): Rotation {
    if (!isRotated(this.#shape, k)) return this.#none;
    const { longRopeFrom } = this.#shape;
    const { full, windowed } = longRopeFrom !== null && tokens > longRopeFrom ? this.#long : this.#short;
    return windowOf(this.#shape, k) === null ? full : windowed;
  }
}
