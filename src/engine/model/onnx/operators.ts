/**
 * What the analysis knows of operators: one row for each fused attention and fused norm (which input is what, which output
 * gives weights), which types result, and which operators keep numbers as they are. A new exporter's style is a row here.
 */
import { DataType } from "../runtime/protobuf-writer.ts";
import type { OnnxNode } from "./graph.ts";

/** How a fused attention hands out what it computed: as which output, under which attributes, in what form. */
export interface WeightsOutput {
  readonly output: number;
  /** What asks for it. */
  readonly attributes: Readonly<Record<string, number>>;
  /** Scores before the softmax, masked positions far below all others; else weights. */
  readonly isScores: boolean;
  /** Element type, where onnxruntime cannot infer it. */
  readonly type?: number;
}

/** A fused attention operator. Numbers are indices of its inputs; null: it has none such. */
export interface FusedAttention {
  readonly query: number;
  /** Absent in a node: keys and values are packed into the query's input. */
  readonly key: number | null;
  readonly value: number | null;
  /** Past keys. */
  readonly pastKey: number | null;
  /** What is added to the scores, or masks them: it has a row for each query. */
  readonly bias: number | null;
  /** Null: it hands out nothing but attention's output and caches. */
  readonly weights: WeightsOutput | null;
  /** Whether it makes a sliding window's mask itself, behind a cache too. */
  readonly hasOwnWindow: boolean;
  /**
   * For a kernel that takes several queries behind a cache for one row only: inputs that differ from row to row, and those
   * with an entry for each row, all alike since rows are runs of one prompt. Null: it takes all rows at once.
   */
  readonly byRow: { readonly differing: readonly number[]; readonly alike: readonly number[] } | null;
}

/** Of a row, what most operators share. */
const USUAL: FusedAttention = {
  query: 0,
  key: 1,
  value: 2,
  pastKey: null,
  bias: null,
  weights: null,
  hasOwnWindow: false,
  byRow: null,
};

/** By domain and name. All of them give the type of their query. */
const FUSED_ATTENTION: Readonly<Record<string, FusedAttention>> = {
  ".Attention": {
    ...USUAL,
    pastKey: 4,
    bias: 3,
    weights: { output: 3, attributes: { qk_matmul_output_mode: 3 }, isScores: false },
  },
  ".LinearAttention": USUAL,
  // Projects the states itself.
  "com.microsoft.Attention": { ...USUAL, key: null, value: null },
  "com.microsoft.MultiHeadAttention": {
    ...USUAL,
    pastKey: 6,
    bias: 5,
    weights: { output: 3, attributes: {}, isScores: true, type: DataType.float },
  },
  "com.microsoft.GroupQueryAttention": {
    ...USUAL,
    pastKey: 3,
    bias: 10,
    weights: { output: 3, attributes: { qk_output: 2 }, isScores: false },
    hasOwnWindow: true,
    // Queries, keys, values and caches; lengths, positions and bias.
    byRow: { differing: [0, 1, 2, 3, 4], alike: [5, 9, 10] },
  },
  "com.microsoft.DecoderMaskedMultiHeadAttention": { ...USUAL, pastKey: 5, bias: 4 },
  "com.microsoft.SparseAttention": { ...USUAL, pastKey: 3 },
  "com.microsoft.LinearAttention": USUAL,
};

/** The row of a fused attention; null for other nodes. */
export function fusedAttention({ domain, opType }: OnnxNode): FusedAttention | null {
  return FUSED_ATTENTION[`${domain}.${opType}`] ?? null;
}

/** Whether a node is attention, or its normalisation. */
export function isAttention(node: OnnxNode): boolean {
  return node.opType === "Softmax" || fusedAttention(node) !== null;
}

/** A norm that also makes the residual sum `x + bias + skip` before it. Numbers are indices of its inputs. */
export interface FusedNorm {
  readonly norm: "LayerNormalization" | "SimplifiedLayerNormalization";
  readonly x: number;
  readonly skip: number;
  readonly gamma: number;
  readonly beta: number | null;
  readonly bias: number;
  /** Output that hands out the sum; its first one is normed. */
  readonly sum: number;
}

const FUSED_NORM: Readonly<Record<string, FusedNorm>> = {
  "com.microsoft.SkipSimplifiedLayerNormalization": {
    norm: "SimplifiedLayerNormalization",
    x: 0,
    skip: 1,
    gamma: 2,
    beta: null,
    bias: 3,
    sum: 3,
  },
  "com.microsoft.SkipLayerNormalization": {
    norm: "LayerNormalization",
    x: 0,
    skip: 1,
    gamma: 2,
    beta: 3,
    bias: 4,
    sum: 3,
  },
};

/** The row of a fused residual sum and norm; null for other nodes. */
export function fusedNorm({ domain, opType }: OnnxNode): FusedNorm | null {
  return FUSED_NORM[`${domain}.${opType}`] ?? null;
}

/** Operators that add their operands. */
export const SUMS: ReadonlySet<string> = new Set(["Add", "Sum"]);

/** A product of matrices, one of which may be quantised. */
export function isProduct({ opType }: OnnxNode): boolean {
  return /MatMul|Einsum/.test(opType);
}

/** Changes of form that keep the numbers. */
export const KEEPS_NUMBERS: ReadonlySet<string> = new Set(
  "Reshape Identity Cast Unsqueeze Squeeze Flatten".split(" "),
);

/** Operators whose operands are spread over each other. */
export const ELEMENTWISE: ReadonlySet<string> = new Set(
  "Add Sub Mul Div Min Max Pow Where And Or Xor Equal".split(" "),
);

/** Which input gives an operator's result its element type, where that is not the first. */
const TYPE_INPUT: Readonly<Record<string, number>> = {
  Where: 1,
  GatherBlockQuantized: 2,
  DequantizeLinear: 1,
};

/** Operators whose result has one element type whatever they read. */
const FIXED_TYPE: Readonly<Record<string, number>> = {
  Shape: DataType.int64,
  Size: DataType.int64,
  NonZero: DataType.int64,
  Equal: DataType.bool,
  Greater: DataType.bool,
  Less: DataType.bool,
  GreaterOrEqual: DataType.bool,
  LessOrEqual: DataType.bool,
  And: DataType.bool,
  Or: DataType.bool,
  Not: DataType.bool,
  IsNaN: DataType.bool,
};

/** Element type (TensorProto.DataType) of a node's result, or the value that has the same one; null: nothing says it. */
export function resultType(node: OnnxNode): number | { readonly sameAs: string } | null {
  const fixed = FIXED_TYPE[node.opType] ?? typeAttribute(node);
  if (fixed !== undefined) return fixed;
  const sameAs = node.inputs[TYPE_INPUT[node.opType] ?? 0];
  return sameAs ? { sameAs } : null;
}

function typeAttribute(node: OnnxNode): number | undefined {
  switch (node.opType) {
    case "Cast":
      return node.attributes.get("to")?.int ?? undefined;
    case "Constant":
      return node.attributes.get("value")?.tensor?.dataType ?? undefined;
    case "ConstantOfShape":
      return node.attributes.get("value")?.tensor?.dataType ?? DataType.float;
    default:
      return undefined;
  }
}
