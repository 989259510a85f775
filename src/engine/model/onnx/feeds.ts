/** Feeds for the inputs of ordinary decoder exports: ids, masks, positions, empty caches. */
import { SwapError } from "../../../shared/errors.ts";
import type { Tensor } from "../runtime/ort.ts";
import { bool, empty, float32, int32, int64 } from "../runtime/ort.ts";
import { ATTENTION_SWITCH } from "./attention/contribution.ts";
import type { OnnxValue } from "./graph.ts";
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
 * prefix (prefix-run.ts) are empty.
 *
 * @throws SwapError `unsupported-model` for inputs that no ordinary decoder export has
 */
export function feedFor(input: OnnxValue, shape: RunShape, cache: CacheShape, file: string): Tensor {
  const { rows, positions, start = 0 } = shape;
  const batch = [rows, positions];
  switch (input.name) {
    case "input_ids": {
      const ids = shape.ids.length > 0 ? shape.ids : new Array<number>(positions).fill(0);
      return integers(input, repeat(ids, rows), batch);
    }
    case "attention_mask":
      return integers(input, new Array<number>(rows * (start + positions)).fill(1), [
        rows,
        start + positions,
      ]);
    case "token_type_ids":
      return integers(input, new Array<number>(rows * positions).fill(0), batch);
    case "position_ids": {
      const counted = Array.from({ length: positions }, (_, i) => start + i);
      // Multimodal rotary positions have an axis of their own in front; for text all its entries are equal.
      const axis = input.dims?.length === 3 ? Number(input.dims[0]) || 3 : null;
      if (axis === null) return integers(input, repeat(counted, rows), batch);
      return integers(input, repeat(counted, rows * axis), [axis, ...batch]);
    }
    case "cache_position":
      return integers(
        input,
        Array.from({ length: positions }, (_, i) => start + i),
        [positions],
      );
    case "use_cache_branch":
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
      if (input.name.startsWith("past")) {
        const dims = emptyCacheDims(input, rows, cache, file);
        return empty(input.dataType === DataType.float16 ? "float16" : "float32", dims);
      }
      throw new SwapError(
        "unsupported-model",
        `${file} has an input that State Swap does not know: ${input.name}.`,
        "State Swap takes text decoders; multimodal and encoder-decoder exports are not supported.",
      );
  }
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
