/** The numeric mode of a graph: what its weights and activations are, and what cannot be used for causal work. */
import { SwapError } from "../../../shared/errors.ts";
import type { OnnxModel } from "./graph.ts";
import { DataType } from "../runtime/protobuf-writer.ts";
import type { ResidualCuts } from "./residual.ts";
import type { Wiring } from "./wiring.ts";
import { elementType } from "./wiring.ts";

/** In which numbers a graph computes. */
export interface NumericMode {
  /** For people, for example `fp32`, `q4, fp32 activations`. */
  readonly text: string;
  /** Of the states between blocks. */
  readonly precision: "float" | "half";
  /** Whether weights are quantised, and kept so. */
  readonly isPacked: boolean;
}

/** Finds the numeric mode. */
export function numericMode(wiring: Wiring, cuts: ResidualCuts, rewritten: number): NumericMode {
  const bits = new Set<number>();
  let bnb4 = false;
  for (const node of wiring.nodes) {
    if (node.opType === "MatMulNBits") bits.add(node.attributes.get("bits")?.int ?? 4);
    if (node.opType === "MatMulBnb4") bnb4 = true;
  }
  const half = cuts.boundaries.some((value) => elementType(wiring, value) === DataType.float16);
  const weights = [...[...bits].sort().map((count) => `q${count}`), ...(bnb4 ? ["bnb4"] : [])];
  const precision = half ? "half" : "float";
  if (weights.length === 0)
    return { text: half ? "fp16, summed in fp32" : "fp32", precision, isPacked: false };
  const activations = half ? "fp16 states" : "fp32 activations";
  // The file asks for int8 activations; rows would then be rounded, so the engine runs it exactly and says so.
  const exact = rewritten > 0 ? " (exact; the file asks for int8 activations)" : "";
  return { text: `${weights.join(" + ")}, ${activations}${exact}`, precision, isPacked: true };
}

/**
 * Refuses dynamic int8: its scale is taken over a whole tensor, so that every position and every row of a batch changes
 * every other.
 *
 * @throws SwapError `unsupported-model`
 */
export function refuseDynamicInt8(model: OnnxModel): void {
  const dynamic = model.graph.nodes.some((node) => node.opType.startsWith("DynamicQuantize"));
  if (!dynamic) return;
  throw new SwapError(
    "unsupported-model",
    `${model.file} quantises its activations dynamically to int8: each position would change all others, and causal results would be wrong.`,
    "Take another file of the model: fp32, fp16, q4 or bnb4.",
  );
}
