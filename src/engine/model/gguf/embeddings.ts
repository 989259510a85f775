/** Input of block 0: rows of the embedding, scaled, with learned positions and a norm where the model has them. */
import { SwapError } from "../../../shared/errors.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { norm } from "./reference-norm.ts";
import type { TensorSource } from "./tensor-source.ts";
import type { DecoderWeights } from "./weights.ts";

/**
 * @param ids token ids from position 0
 * @returns `[positions, width]`
 * @throws SwapError `bad-token-id`; `prompt-too-long` for more than there are learned positions
 */
export function embeddings(
  source: TensorSource,
  shape: Hyperparameters,
  weights: DecoderWeights,
  ids: readonly number[],
): Float32Array {
  const { width, vocab, embeddingScale } = shape;
  const data = new Float32Array(ids.length * width);
  for (const [position, id] of ids.entries()) {
    if (!Number.isInteger(id) || id < 0 || id >= vocab) {
      throw new SwapError(
        "bad-token-id",
        `Token id ${id} is not in 0..${vocab - 1}.`,
        "Use ids of this model.",
      );
    }
    data.set(source.rows(weights.embedding, id, 1), position * width);
  }
  if (embeddingScale !== 1) for (let i = 0; i < data.length; i++) data[i]! *= embeddingScale;
  if (weights.positions) {
    const known = weights.positions.dims[1]!;
    if (ids.length > known) {
      throw new SwapError(
        "prompt-too-long",
        `The prompt has ${ids.length} tokens; the model has learned ${known} positions.`,
        "Shorten the prompt.",
      );
    }
    const rows = source.rows(weights.positions, 0, ids.length);
    for (let i = 0; i < data.length; i++) data[i]! += rows[i]!;
  }
  return norm(source, shape, data, weights.embeddingNorm);
}
