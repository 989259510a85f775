/** Everything that is known of an ONNX file before a session exists: its graph, its cuts, its attention, its weights. */
import type { Abilities, Ability } from "../decoder.ts";
import { inabilityNotes } from "../decoder.ts";
import type { AttentionContribution } from "./attention/contribution.ts";
import { attentionContribution, withAttentionSwitch } from "./attention/contribution.ts";
import type { BlockPath } from "./attention/core.ts";
import { blockPaths } from "./attention/core.ts";
import { attentionReading } from "./attention/weights.ts";
import type { ModelConfig } from "./config.ts";
import { blocksOf } from "./config.ts";
import { floatActivations } from "./dynamic-int8.ts";
import type { OnnxGraph, OnnxModel } from "./graph.ts";
import { readDecoder } from "./joined-embeddings.ts";
import { LOGITS } from "./names.ts";
import { exactProducts, inlineMergedDecoder, unfuseSkipNorms } from "./normalize.ts";
import type { NumericMode } from "./numeric.ts";
import { numericMode } from "./numeric.ts";
import type { ResidualCuts } from "./residual.ts";
import { findResidualCuts } from "./residual.ts";
import { inOrder } from "./soundness.ts";
import type { StageCut } from "./stage.ts";
import type { WeightSource } from "./weights.ts";
import { openWeights } from "./weights.ts";
import type { Wiring } from "./wiring.ts";
import { wiringOf } from "./wiring.ts";

/** An analysed file. `weights` holds it open. */
export interface Analysis {
  readonly model: OnnxModel;
  /** With the rewrites that change numbers, but neither unfused nor cut: what `compareWithWhole` runs. */
  readonly whole: Wiring;
  /** Unfused: what attention weights are read from. */
  readonly wiring: Wiring;
  /** Unfused and, where attention can be skipped, with a switch behind each attention sublayer: what stages are cut from. */
  readonly switched: Wiring;
  readonly cuts: ResidualCuts;
  readonly paths: readonly BlockPath[];
  /** The same paths in `switched`. */
  readonly switchedPaths: readonly BlockPath[];
  readonly weights: WeightSource;
  readonly numeric: NumericMode;
  readonly can: Pick<Abilities, "skipAttention" | "giveAttention">;
  /** Lines for `info.notes`. */
  readonly notes: readonly string[];
}

/** Reads and analyses a file. @throws SwapError as `openOnnxDecoder` */
export function analyse(file: string, config: ModelConfig | null): Analysis {
  const model = readDecoder(file);
  const inlined = inOrder(inlineMergedDecoder(model.graph), file);
  const float = floatActivations(model, inlined);
  const { graph, rewritten } = exactProducts(float.graph);
  const unfused = unfuseSkipNorms(graph);
  const wiring = wiringOf(unfused);
  const cuts = findResidualCuts(wiring, config ? blocksOf(config) : null, file);
  const paths = blockPaths(wiring, cuts.boundaries);
  const skip = switchedGraph(unfused, wiring, paths);
  const can = { skipAttention: skip.ability, giveAttention: givesWeights(wiring, paths) };
  const weights = openWeights({ ...model, graph });
  const switched = skip.graph === unfused ? wiring : wiringOf(skip.graph);
  return {
    model,
    whole: wiringOf(graph),
    wiring,
    switched,
    cuts,
    paths,
    switchedPaths: switched === wiring ? paths : blockPaths(switched, cuts.boundaries),
    weights,
    numeric: numericMode(wiring, cuts, { exact: rewritten, int8: float.rewritten }),
    can,
    notes: [...fileNotes(model, cuts, weights), ...inabilityNotes(can)],
  };
}

/** Embed, blocks in order, head. */
export function stageCuts({ boundaries, embedding, sameShape }: ResidualCuts): StageCut[] {
  const barriers = new Set([embedding, ...boundaries]);
  const between = (from: string | null, to: string): StageCut => ({ from, to, sameShape, barriers });
  return [
    between(null, boundaries[0]!),
    ...boundaries.slice(1).map((to, k) => between(boundaries[k]!, to)),
    between(boundaries.at(-1)!, LOGITS),
  ];
}

/** The graph with its switch, or as it was and why: half a switch would be none. */
function switchedGraph(
  graph: OnnxGraph,
  wiring: Wiring,
  paths: readonly BlockPath[],
): { graph: OnnxGraph; ability: Ability } {
  const contributions: AttentionContribution[] = [];
  for (const [k, path] of paths.entries()) {
    const contribution = attentionContribution(wiring, path);
    if (contribution === null) {
      const found = path.cores.length === 0 ? "no attention core was found" : "its sum was not found";
      return {
        graph,
        ability: { reason: `in block ${k} what attention adds could not be told apart (${found})` },
      };
    }
    contributions.push(contribution);
  }
  return { graph: withAttentionSwitch(graph, contributions), ability: true };
}

function givesWeights(wiring: Wiring, paths: readonly BlockPath[]): Ability {
  for (const [k, path] of paths.entries()) {
    const reading = attentionReading(wiring, path);
    if (typeof reading === "string") return { reason: `in block ${k} ${reading}` };
  }
  return true;
}

function fileNotes(model: OnnxModel, cuts: ResidualCuts, weights: WeightSource): string[] {
  const opsets = model.opsets.map(({ domain, version }) => `${domain || "ai.onnx"} ${version}`);
  return [
    `producer ${model.producer || "unknown"}, IR ${model.irVersion}, opsets ${opsets.join(", ")}`,
    `file of ${model.size} bytes` +
      (weights.dataFiles.length > 0
        ? `, external data in ${weights.dataFiles.map(({ real }) => real).join(", ")}`
        : ", weights inside"),
    `block inputs: ${cuts.boundaries.join(", ")}`,
  ];
}
