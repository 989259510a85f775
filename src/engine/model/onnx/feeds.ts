/** Feeds for the inputs of ordinary decoder exports: ids, masks, positions, empty caches. */
import { SwapError } from "../../../shared/errors.ts";
import type { Tensor } from "../runtime/runtime.ts";
import { bool, empty, float32, int32, int64 } from "../runtime/runtime.ts";
import { ATTENTION_SWITCH } from "./attention/contribution.ts";
import type { OnnxValue } from "./graph.ts";
import type { SequenceInput } from "./names.ts";
import { CACHE_BRANCH, isCacheInput, isSequenceInput } from "./names.ts";
import { DataType } from "../runtime/protobuf-writer.ts";

/** What a run of a stage is about. */
export interface RunShape {
  readonly rows: number;
  /** Ids of the positions that run, the same for all rows; empty when they do not matter (head on chosen states). */
  readonly ids: readonly number[];
  readonly positions: number;
  /** Position of the first of them; 0 without it. Those before it are in the cache. */
  readonly start?: number;
  /** The attention sublayer adds nothing. */
  readonly skipsAttention?: boolean;
}

/** Sizes that a graph may leave symbolic. */
export interface CacheShape {
  readonly headWidth: number | null;
  readonly heads: number | null;
}

/**
 * The tensor for one input of the graph. Every position is attended to; caches that are no inputs of a shared
 * prefix (prefix/run.ts) are empty.
 *
 * @throws SwapError `unsupported-model` for inputs that no ordinary decoder export has
 */
export function feedFor(input: OnnxValue, shape: RunShape, cache: CacheShape, file: string): Tensor {
  const { name } = input;
  if (isSequenceInput(name)) return SEQUENCE_FEEDS[name](input, shape);
  if (isCacheInput(name)) {
    const dims = emptyCacheDims(input, shape.rows, cache, file);
    return empty(input.dataType === DataType.float16 ? "float16" : "float32", dims);
  }
  switch (name) {
    case CACHE_BRANCH:
      return bool([false], [1]);
    case ATTENTION_SWITCH:
      return bool([shape.skipsAttention !== true], [1]);
    case "num_logits_to_keep":
    case "logits_to_keep":
      return integers(
        input,
        [0],
        (input.dims ?? []).map(() => 1),
      );
    default:
      throw new SwapError(
        "unsupported-model",
        `${file} has an input that State Swap does not know: ${name}.`,
        "State Swap takes text decoders; multimodal and encoder-decoder exports are not supported.",
      );
  }
}

const SEQUENCE_FEEDS: Readonly<Record<SequenceInput, (input: OnnxValue, shape: RunShape) => Tensor>> = {
  input_ids: (input, { ids, rows, positions }) =>
    integers(input, repeat(ids.length > 0 ? ids : zeros(positions), rows), [rows, positions]),
  attention_mask: (input, { rows, positions, start = 0 }) => {
    const all = start + positions;
    return integers(input, new Array<number>(rows * all).fill(1), [rows, all]);
  },
  token_type_ids: (input, { rows, positions }) => integers(input, zeros(rows * positions), [rows, positions]),
  position_ids: (input, shape) => {
    const batch = [shape.rows, shape.positions];
    // Multimodal rotary positions have an axis of their own in front; for text all its entries are equal.
    const axis = input.dims?.length === 3 ? Number(input.dims[0]) || 3 : null;
    if (axis === null) return integers(input, repeat(counted(shape), shape.rows), batch);
    return integers(input, repeat(counted(shape), shape.rows * axis), [axis, ...batch]);
  },
  cache_position: (input, shape) => integers(input, counted(shape), [shape.positions]),
};

function counted({ positions, start = 0 }: RunShape): number[] {
  return Array.from({ length: positions }, (_, i) => start + i);
}

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}

function repeat(values: readonly number[], times: number): number[] {
  return Array.from({ length: times }, () => values).flat();
}

function integers(input: OnnxValue, values: readonly number[], dims: readonly number[]): Tensor {
  switch (input.dataType) {
    case DataType.int32:
      return int32(values, dims);
    case DataType.bool:
      return bool(
        values.map((value) => value !== 0),
        dims,
      );
    case DataType.float:
      return float32(Float32Array.from(values), dims);
    default:
      return int64(values, dims);
  }
}

/** `[batch, heads, 0, headWidth]`, or whatever the declared shape says, with the past's length 0. */
export function emptyCacheDims(input: OnnxValue, rows: number, cache: CacheShape, file: string): number[] {
  const declared = input.dims ?? ["batch_size", null, "past_sequence_length", null];
  const dims = declared.map((dim, axis) => {
    if (typeof dim === "number") return dim;
    if (dim !== null && /past|sequence|length/i.test(dim) && !/batch/i.test(dim)) return 0;
    if (axis === 0) return rows;
    return (axis === 1 ? cache.heads : axis === declared.length - 1 ? cache.headWidth : 0) ?? 0;
  });
  if (!dims.includes(0)) {
    throw new SwapError(
      "unsupported-model",
      `The cache input ${input.name} of ${file} has no axis for the past (${declared.join(", ")}).`,
      "Convolution and state-space caches are not supported yet.",
    );
  }
  return dims;
}
