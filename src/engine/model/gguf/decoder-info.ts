/** What the GGUF back end says of a model: numeric mode, memory, and the lines of `inspect`. */
import type { WorkingMemory } from "../cost.ts";
import type { DecoderInfo } from "../decoder.ts";
import { LONGEST_JOINED_PAST } from "./attention-core-graph.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { isRotated, windowOf } from "./hyperparameters.ts";
import type { GgufFile } from "./reader.ts";
import type { Rope } from "./rope.ts";
import { rowCount } from "./tensor-source.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { BlockWeights, DecoderWeights } from "./weights.ts";
import { productsOf } from "./weights.ts";

/** Describes an opened GGUF decoder.
 *
 * @param memory what all its weights take, and as much of it as may be open at once; null: all
 */
export function describeDecoder(
  gguf: GgufFile,
  shape: Hyperparameters,
  weights: DecoderWeights,
  memory: { readonly allBytes: number; readonly room: number | null },
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
    memoryBytes: memory.allBytes,
    onDemand: memory.room === null ? null : { heldBytes: memory.room },
    notes: notes(gguf, shape, weights),
  };
}

/** Every value of a block's graph is counted once, though onnxruntime gives some back early. */
function workingMemory(shape: Hyperparameters, weights: DecoderWeights): WorkingMemory {
  const { width, heads, keyValueHeads, headWidth, valueWidth } = shape;
  const query = heads * headWidth;
  const keyValue = keyValueHeads * (headWidth + valueWidth);
  const feedForward = Math.max(...weights.blocks.map((block) => feedForwardWidth(shape, block)));
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

/** Numbers of a position between the products of a block's feed-forward sublayer. */
function feedForwardWidth(shape: Hyperparameters, { feedForward }: BlockWeights): number {
  const routed = shape.experts ? shape.experts.used * (shape.experts.width + shape.width) : 0;
  return routed + (feedForward ? rowCount(feedForward.up.weight) : 0);
}

function notes(gguf: GgufFile, shape: Hyperparameters, weights: DecoderWeights): readonly string[] {
  const name = gguf.metadata.get("general.name");
  const counts = new Map<string, number>();
  for (const { type } of gguf.tensors.values()) counts.set(type, (counts.get(type) ?? 0) + 1);
  const types = [...counts].sort((a, b) => b[1] - a[1]).map(([type, count]) => `${count} ${type}`);
  const lines = [
    `GGUF version ${gguf.version}, ${gguf.tensors.size} tensors: ${types.join(", ")}`,
    positionsNote(shape, weights),
    attentionNote(shape),
    `head: ${weights.head.weight.type}${weights.tied ? ", tied to the embedding" : ""}`,
  ];
  if (typeof name === "string") lines.unshift(`name: ${name}`);
  if (shape.experts)
    lines.push(`experts: ${shape.experts.used} of ${shape.experts.experts} for each position`);
  const windowed = blocksWhere(shape, (k) => windowOf(shape, k) !== null);
  if (windowed.length > 0)
    lines.push(`sliding window: ${shape.slidingWindow} positions${inBlocks(shape, windowed)}`);
  return lines;
}

function attentionNote({ heads, headWidth, keyValueHeads, valueWidth, latent }: Hyperparameters): string {
  const own = `attention: ${heads} heads of width ${headWidth}`;
  if (!latent) return `${own} over ${keyValueHeads} key/value heads`;
  return `${own}, values ${valueWidth}, made of a latent vector of ${latent.rank}`;
}

/** How a decoder knows where its tokens stand. */
function positionsNote(shape: Hyperparameters, weights: DecoderWeights): string {
  const rotated = blocksWhere(shape, (k) => isRotated(shape, k));
  if (rotated.length === 0) {
    if (weights.positions) return `learned positions: ${weights.positions.dims[1]}`;
    return shape.maxAlibiBias === null ? "positions: none but the causal mask" : "positions: ALiBi";
  }
  const { full, windowed } = shape.ropes;
  const said = (rope: Rope): string =>
    `base ${rope.base}${rope.factor === 1 ? "" : `, ${rope.yarn ? "YaRN" : "linear"} scaling ${rope.factor}`}`;
  const own = windowed === full || said(windowed) === said(full) || !hasWindows(shape);
  return [
    `rotary embedding: ${shape.family.ropePairing === "interleaved" ? "neighbouring pairs" : "half-split pairs"}`,
    said(full),
    ...(own ? [] : [`in windowed blocks ${said(windowed)}`]),
    ...(weights.ropeDivisors ? ["frequency divisors of the file"] : []),
  ]
    .join(", ")
    .concat(inBlocks(shape, rotated));
}

function hasWindows(shape: Hyperparameters): boolean {
  return blocksWhere(shape, (k) => windowOf(shape, k) !== null).length > 0;
}

function blocksWhere({ blocks }: Hyperparameters, isOne: (k: number) => boolean): readonly number[] {
  return Array.from({ length: blocks }, (_, k) => k).filter(isOne);
}

/** " in 10 of 12 layers"; nothing for all. */
function inBlocks({ blocks }: Hyperparameters, some: readonly number[]): string {
  return some.length === blocks ? "" : ` in ${some.length} of ${blocks} layers`;
}
