/** What the GGUF back end says of a model: numeric mode, memory, and the lines of `inspect`. */
import type { WorkingMemory } from "../cost.ts";
import type { DecoderInfo } from "../decoder.ts";
import { LONGEST_JOINED_PAST } from "./attention-core-graph.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { residentBytes } from "./packing.ts";
import type { GgufFile } from "./reader.ts";
import { elementCount, rowCount } from "./tensor-source.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { DecoderWeights } from "./weights.ts";
import { productsOf } from "./weights.ts";

/** Describes an opened GGUF decoder. */
export function describeDecoder(
  gguf: GgufFile,
  shape: Hyperparameters,
  weights: DecoderWeights,
  { isBatchInvariant }: Runtime,
): DecoderInfo {
  const products = [...weights.blocks.flatMap(productsOf), weights.head].map(({ weight }) => weight);
  const types = [...new Set(products.map((tensor) => tensor.type.toLowerCase()))];
  return {
    architecture: shape.family.architecture,
    blocks: shape.blocks,
    width: shape.width,
    vocab: shape.vocab,
    contextLength: shape.contextLength,
    numeric: `${types.join(" + ")}, exact (fp32 sums)`,
    cut: "blocks built from GGUF tensors",
    precision: "float",
    can: { sharePrefix: true, skipAttention: true, giveAttention: true },
    cost: {
      working: workingMemory(shape, weights),
      batchInvariantUpTo: isBatchInvariant ? LONGEST_JOINED_PAST : -1,
      trimsOutput: true,
    },
    memoryBytes: products.reduce((sum, tensor) => sum + residentBytes(tensor.type, elementCount(tensor)), 0),
    notes: notes(gguf, shape, weights),
  };
}

/** Every value of a block's graph is counted once, though onnxruntime gives some back early. */
function workingMemory(shape: Hyperparameters, weights: DecoderWeights): WorkingMemory {
  const { width, heads, keyValueHeads, headWidth } = shape;
  const query = heads * headWidth;
  const keyValue = 2 * keyValueHeads * headWidth;
  const feedForward = rowCount(weights.blocks[0]!.up.weight);
  const floats = 5 * width + 4 * query + 3 * keyValue + 4 * feedForward;
  return {
    perToken: 4 * floats,
    perScore: 4 * 4 * heads,
    keyValue: 4 * keyValue,
    // Spread over the rows, then joined with their own.
    perPast: 2 * 4 * keyValue,
    copiedPast: LONGEST_JOINED_PAST,
  };
}

function notes(gguf: GgufFile, shape: Hyperparameters, weights: DecoderWeights): readonly string[] {
  const name = gguf.metadata.get("general.name");
  const counts = new Map<string, number>();
  for (const { type } of gguf.tensors.values()) counts.set(type, (counts.get(type) ?? 0) + 1);
  const types = [...counts].sort((a, b) => b[1] - a[1]).map(([type, count]) => `${count} ${type}`);
  const pairs = shape.family.ropePairing === "interleaved" ? "neighbouring pairs" : "half-split pairs";
  const lines = [
    `GGUF version ${gguf.version}, ${gguf.tensors.size} tensors: ${types.join(", ")}`,
    `rotary embedding: ${pairs}, base ${shape.ropeBase}${shape.ropeFactor === 1 ? "" : `, linear scaling ${shape.ropeFactor}`}${weights.ropeDivisors ? ", frequency divisors of the file" : ""}`,
    `attention: ${shape.heads} heads of width ${shape.headWidth} over ${shape.keyValueHeads} key/value heads`,
    `head: ${weights.head.weight.type}${weights.tied ? ", tied to the embedding" : ""}`,
  ];
  if (typeof name === "string") lines.unshift(`name: ${name}`);
  if (shape.slidingWindow !== null) lines.push(`sliding window: ${shape.slidingWindow} positions`);
  return lines;
}
