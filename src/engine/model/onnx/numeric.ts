/** The numeric mode of a graph: what its weights and activations are. */
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
  /** Whether weights are of int8, which products take as float32. */
  readonly isInt8: boolean;
}

/** Products that were rewritten to be exact: 4-bit ones with int8 activations, and those of dynamic int8. */
export interface Rewritten {
  readonly exact: number;
  readonly int8: number;
}

/** Finds the numeric mode. */
export function numericMode(wiring: Wiring, cuts: ResidualCuts, { exact, int8 }: Rewritten): NumericMode {
  const bits = new Set<number>();
  let bnb4 = false;
  for (const node of wiring.nodes) {
    if (node.opType === "MatMulNBits") bits.add(node.attributes.get("bits")?.int ?? 4);
    if (node.opType === "MatMulBnb4") bnb4 = true;
  }
  const half = cuts.boundaries.some((value) => elementType(wiring, value) === DataType.float16);
  const weights = [
    ...(int8 > 0 ? ["int8"] : []),
    ...[...bits].sort().map((count) => `q${count}`),
    ...(bnb4 ? ["bnb4"] : []),
  ];
  const precision = half ? "half" : "float";
  if (weights.length === 0)
    return { text: half ? "fp16, summed in fp32" : "fp32", precision, isPacked: false, isInt8: false };
  const activations = half ? "fp16 states" : "fp32 activations";
  // The file asks for int8 activations; rows would then be rounded, so the engine runs it exactly and says so.
  const asked = int8 > 0 ? "dynamic int8 activations" : exact > 0 ? "int8 activations" : null;
  const how = asked === null ? "" : ` (exact; the file asks for ${asked})`;
  return {
    text: `${weights.join(" + ")}, ${activations}${how}`,
    precision,
    isPacked: true,
    isInt8: int8 > 0,
  };
}
