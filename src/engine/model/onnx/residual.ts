/**
 * Finds the residual stream by graph analysis: the values through which everything from the token embedding to the
 * logits must pass, and which of them are the inputs of blocks.
 */
import { SwapError } from "../../../shared/errors.ts";
import { cacheName, LOGITS, TOKEN_IDS } from "./names.ts";
import { isAttention, KEEPS_NUMBERS, SUMS } from "./operators.ts";
import type { Wiring } from "./wiring.ts";
import { reachedFrom, readsShapeOnly } from "./wiring.ts";

/** Where a decoder can be cut. */
export interface ResidualCuts {
  /** `boundaries[k]` = name of the input of block k; `boundaries[blocks]` = output of the last block. */
  readonly boundaries: readonly string[];
  /** Output of the token embedding's Gather. */
  readonly embedding: string;
  /** Values `[batch, positions, width]` whose shape is that of every boundary. */
  readonly sameShape: ReadonlySet<string>;
  /** How the blocks were told apart, for people. */
  readonly method: string;
}

/** A value through which every path passes. */
interface Cut {
  readonly node: number;
  readonly value: string;
  /** Nodes on the path that read it. */
  readonly readers: number;
}

/**
 * Cuts a normalised graph at its residual stream.
 *
 * @param expectedBlocks the number of blocks that config.json names, or null
 * @param file for messages
 * @throws SwapError `not-a-decoder`, `unsupported-model`
 */
export function findResidualCuts(wiring: Wiring, expectedBlocks: number | null, file: string): ResidualCuts {
  const sink = wiring.producer.get(LOGITS);
  if (sink === undefined) throw notADecoder(file, "it has no output named logits made by a node");
  const cacheOutputs = new Set(wiring.outputs.map((output) => output.name).filter((name) => name !== LOGITS));
  const source = embeddingNode(wiring, sink, file);
  const onPath = pathBetween(wiring, source, sink, cacheOutputs);
  const cuts = cutsOf(wiring, onPath, cacheOutputs);

  const byCache = boundariesBefore(cuts, cacheAnchors(wiring, onPath));
  const byAttention = boundariesBefore(cuts, attentionAnchors(wiring, onPath));
  const starts = chooseWitness(byCache, byAttention, expectedBlocks, file);
  const last = lastBoundary(wiring, onPath, cuts, starts, file);
  const boundaries = [...starts, last].map((cut) => cut.value);
  const embedding = wiring.nodes[source]!.outputs[0]!;
  return {
    boundaries,
    embedding,
    sameShape: new Set([embedding, ...boundaries, ...cutsBefore(cuts, starts[0]!)]),
    method:
      starts === byCache
        ? `residual cuts before the cache inputs, ${cuts.length} cuts in all`
        : `residual cuts before the attention cores, ${cuts.length} cuts in all`,
  };
}

function notADecoder(file: string, why: string): SwapError {
  return new SwapError(
    "not-a-decoder",
    `${file} is not a decoder language model: ${why}.`,
    "State Swap takes decoders that map input_ids to logits (text-generation exports).",
  );
}

/** The Gather of a token table by `input_ids` whose result reaches the logits. */
function embeddingNode(wiring: Wiring, sink: number, file: string): number {
  if (!wiring.inputs.has(TOKEN_IDS)) {
    const has = [...wiring.inputs.keys()].slice(0, 4).join(", ");
    throw notADecoder(file, `it has no input named input_ids (it has ${has || "none"})`);
  }
  const length = wiring.inputs.get(TOKEN_IDS)?.dims?.[1];
  if (typeof length === "number") {
    throw new SwapError(
      "unsupported-model",
      `${file} was exported for prompts of exactly ${length} tokens.`,
      "Export it with a dynamic sequence length.",
    );
  }
  const found = wiring.nodes.findIndex(
    (node, i) =>
      (node.opType === "Gather" || node.opType === "GatherBlockQuantized") &&
      origin(wiring, node.inputs[1] ?? "") === TOKEN_IDS &&
      reachedFrom(wiring, i).has(sink),
  );
  if (found < 0) throw notADecoder(file, "no token embedding (a Gather by input_ids) leads to the logits");
  return found;
}

/** Follows a value back through changes of form. */
function origin(wiring: Wiring, value: string): string {
  let name = value;
  for (;;) {
    const index = wiring.producer.get(name);
    const node = index === undefined ? undefined : wiring.nodes[index];
    if (!node || !KEEPS_NUMBERS.has(node.opType)) return name;
    name = node.inputs[0]!;
  }
}

/** Nodes on some value path from source to sink. Cache outputs are dead ends: blocks that share keys would jump cuts. */
function pathBetween(
  wiring: Wiring,
  source: number,
  sink: number,
  cacheOutputs: ReadonlySet<string>,
): ReadonlySet<number> {
  const forward = reachedFrom(wiring, source, (value) => !cacheOutputs.has(value));
  const backward = new Set<number>();
  const open = [sink];
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    if (backward.has(i) || !forward.has(i)) continue;
    backward.add(i);
    if (readsShapeOnly(wiring.nodes[i]!)) continue;
    for (const value of wiring.reads[i]!) {
      const from = wiring.producer.get(value);
      if (from !== undefined && !cacheOutputs.has(value)) open.push(from);
    }
  }
  return backward;
}

/** Node i is a cut when no value edge on the path jumps over it. One sweep in topological order. */
function cutsOf(wiring: Wiring, onPath: ReadonlySet<number>, cacheOutputs: ReadonlySet<string>): Cut[] {
  const order = [...onPath].sort((a, b) => a - b);
  const lastReader = new Map<number, number>();
  const readers = new Map<string, number>();
  for (const i of order) {
    if (readsShapeOnly(wiring.nodes[i]!)) continue;
    for (const value of wiring.reads[i]!) {
      const from = wiring.producer.get(value);
      if (from === undefined || !onPath.has(from) || cacheOutputs.has(value)) continue;
      lastReader.set(from, i);
      readers.set(value, (readers.get(value) ?? 0) + 1);
    }
  }
  const cuts: Cut[] = [];
  let furthest = -1;
  for (const i of order) {
    const read = wiring.nodes[i]!.outputs.filter((output) => readers.has(output));
    if (furthest <= i && read.length === 1) {
      cuts.push({ node: i, value: read[0]!, readers: readers.get(read[0]!)! });
    }
    furthest = Math.max(furthest, lastReader.get(i) ?? -1);
  }
  return cuts;
}

/** First node on the path that depends on the cache of each block, in the order of the cache's numbers. */
function cacheAnchors(wiring: Wiring, onPath: ReadonlySet<number>): number[] {
  const anchors = new Map<number, number>();
  for (const name of wiring.inputs.keys()) {
    const block = cacheName(name)?.block;
    if (block === undefined) continue;
    const first = firstOnPath(wiring, name, onPath);
    if (first === null) continue;
    anchors.set(block, Math.min(first, anchors.get(block) ?? Infinity));
  }
  return [...anchors].sort(([a], [b]) => a - b).map(([, node]) => node);
}

function firstOnPath(wiring: Wiring, input: string, onPath: ReadonlySet<number>): number | null {
  const tainted = new Set([input]);
  for (let i = 0; i < wiring.nodes.length; i++) {
    const node = wiring.nodes[i]!;
    if (readsShapeOnly(node) || !wiring.reads[i]!.some((value) => tainted.has(value))) continue;
    if (onPath.has(i)) return i;
    for (const output of node.outputs) tainted.add(output);
  }
  return null;
}

function attentionAnchors(wiring: Wiring, onPath: ReadonlySet<number>): number[] {
  return [...onPath].filter((i) => isAttention(wiring.nodes[i]!)).sort((a, b) => a - b);
}

/**
 * For each anchor the last cut before it that a norm and a residual sum both read: the input of its block. Anchors of
 * one block share it.
 */
function boundariesBefore(cuts: readonly Cut[], anchors: readonly number[]): Cut[] {
  const found: Cut[] = [];
  for (const anchor of anchors) {
    const cut = cuts.filter((candidate) => candidate.node < anchor && candidate.readers >= 2).at(-1);
    if (cut && !found.includes(cut)) found.push(cut);
  }
  return found;
}

/** Takes the witness that agrees with config.json; two witnesses that disagree without one are not trusted. */
function chooseWitness(byCache: Cut[], byAttention: Cut[], expected: number | null, file: string): Cut[] {
  const agreed = [byCache, byAttention].find(
    (cuts) => cuts.length > 0 && cuts.length === (expected ?? cuts.length),
  );
  if (agreed) return agreed;
  if (byCache.length === 0 && byAttention.length === 0)
    throw notADecoder(file, "no attention was found in it");
  throw new SwapError(
    "unsupported-model",
    `The blocks of ${file} could not be told apart: config.json names ${expected ?? "no"} blocks, ` +
      `the cache inputs show ${byCache.length}, the attention cores ${byAttention.length}.`,
    "Check that config.json belongs to this file; else please report the file.",
  );
}

/**
 * Output of the last block: the last residual sum (of two values and more that depend on the tokens: a head's bias is
 * not one) after the last block's input, followed through changes of form.
 */
function lastBoundary(
  wiring: Wiring,
  onPath: ReadonlySet<number>,
  cuts: readonly Cut[],
  starts: readonly Cut[],
  file: string,
): Cut {
  const after = cuts.filter((cut) => cut.node > starts.at(-1)!.node);
  const isResidualSum = (cut: Cut): boolean =>
    SUMS.has(wiring.nodes[cut.node]!.opType) &&
    wiring.nodes[cut.node]!.inputs.filter((value) => onPath.has(wiring.producer.get(value) ?? -1)).length > 1;
  const at = after.findLastIndex(isResidualSum);
  if (at < 0) {
    throw new SwapError(
      "unsupported-model",
      `The last block of ${file} does not end in a residual sum.`,
      "State Swap cuts ordinary residual decoders; please report the file.",
    );
  }
  let last = after[at]!;
  for (const next of after.slice(at + 1)) {
    const node = wiring.nodes[next.node]!;
    if ((node.opType !== "Reshape" && node.opType !== "Identity") || node.inputs[0] !== last.value) break;
    last = next;
  }
  return last;
}

function cutsBefore(cuts: readonly Cut[], first: Cut): string[] {
  return cuts.filter((cut) => cut.node < first.node).map((cut) => cut.value);
}
