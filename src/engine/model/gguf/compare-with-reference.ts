/** Compares block 0 and some logits of an opened model with the plain reference, once, at load. */
import type { DecoderModel, WholeComparison } from "../decoder.ts";
import type { BlockRotations } from "./block-rotations.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { referenceBlock, referenceLogits } from "./reference-block.ts";
import type { TensorSource } from "./tensor-source.ts";
import type { DecoderWeights } from "./weights.ts";

/** Above this many weights in a block the prompt is 2 tokens instead of 4, which halves the time. */
const LARGE_BLOCK = 20e6;
const COMPARED_LOGITS = 16;
/** Float32 rounding of exact products reaches 1e-6; a wrong scale, offset, rotation or mask 1e-2 and more. */
const TOLERANCE = 1e-4;

/**
 * There is no whole graph in a GGUF file, so block 0 stands for the blocks: its output on a short prompt, and logits of
 * some tokens for that output. The error is relative: `|difference| / |what the block adds|`, and
 * `|difference| / |logits|`, whichever is larger.
 */
export async function compareWithReference(
  decoder: DecoderModel,
  source: TensorSource,
  shape: Hyperparameters,
  weights: DecoderWeights,
  rotations: BlockRotations,
): Promise<WholeComparison> {
  const { experts } = shape;
  const feedForward = Math.max(shape.feedForwardWidth, experts ? experts.used * experts.width : 0);
  const perBlock =
    shape.width * (2 * (shape.heads + shape.keyValueHeads) * shape.headWidth + 3 * feedForward);
  const length = perBlock > LARGE_BLOCK ? 2 : 4;
  const ids = spread(length, shape.vocab);
  const input = await decoder.embed(ids);
  const { states } = await decoder.block(0, input, { ids, start: 0 });
  const expected = referenceBlock(source, shape, weights.blocks[0]!, rotations.of(0, length), input.data);
  const added = expected.map((x, i) => x - input.data[i]!);
  const blockError = distance(states.data, expected) / length2(added);

  const last = expected.subarray((length - 1) * shape.width);
  const tokens = spread(COMPARED_LOGITS, shape.vocab);
  const { data } = await decoder.logits({ data: last.slice(), rows: 1, width: shape.width });
  const logits = referenceLogits(source, shape, weights.finalNorm, weights.head, last, tokens);
  const got = Float32Array.from(tokens, (token) => data[token]!);
  const headError = distance(got, logits) / length2(logits);

  return {
    // Lengths of whole vectors: a NaN in one of their numbers is in the length, and Math.max keeps it.
    maxAbsDiff: Math.max(blockError, headError),
    tolerance: TOLERANCE,
    note: `a plain computation with dequantised weights (block 0 on ${length} tokens, ${COMPARED_LOGITS} logits; relative)`,
  };
}

/** `count` token ids spread over the vocabulary. */
function spread(count: number, vocab: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * vocab) / count));
}

function length2(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
}

function distance(a: Float32Array, b: Float32Array): number {
  return length2(a.map((x, i) => x - b[i]!));
}
