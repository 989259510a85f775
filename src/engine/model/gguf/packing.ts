/** How quantised weights lie in MatMulNBits containers: the shapes that packers fill. */

/** How a type is packed. */
export interface Packing {
  /** Weights that share a scale: MatMulNBits' block size. */
  readonly blockSize: number;
  /** Whether codes are split into high and low nibbles. */
  readonly split: boolean;
  /** Whether a correction per block of inputs remains. */
  readonly minimums: boolean;
}

/** Packed weights of `rows` output features over `inner` inputs, `blocks = inner / blockSize` per row. */
export interface PackedWeights {
  readonly packing: Packing;
  readonly rows: number;
  readonly inner: number;
  /** The only nibbles, or the high ones of split codes, `[rows, blocks, blockSize / 2]` bytes; zero point 8. */
  readonly codes: Uint16Array;
  /** Low nibbles of split codes, same shape; zero point 0. */
  readonly low: Uint16Array | undefined;
  /** `[rows, blocks]`. */
  readonly scales: Float32Array;
  /** Correction per block sum of the inputs, `[blocks, rows]`. */
  readonly minimums: Float32Array | undefined;
}
