/** Parts that several conditions are made of, as schemas; their types are inferred from them. */
import * as v from "valibot";
import type { Frozen } from "../frozen.ts";

/** An integer from 0 up. */
const countSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

/** 0-based token indices, BOS included; ascending, without repeats where they are replaced ones. At least one. */
export const positionsSchema = v.pipe(v.array(countSchema), v.minLength(1));

/** Integers from 0 up, ascending, without repeats; each seed gives a row of its own for every k. */
export const seedsSchema = v.pipe(v.array(countSchema), v.minLength(1));

/** Share of the put-in state, 0..1: h' = (1 - strength) * replaced + strength * put in. 1 replaces, 0 changes nothing. */
export const strengthSchema = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/**
 * Block whose input in the source run is put in, 0..blocks (blocks = output of the last block, before the final norm);
 * null: locked to k, as in the paper.
 */
export const sourceLayerSchema = v.nullable(countSchema);

/** How spans of several tokens are matched: last token only, one-to-one, or the mean of the source states. */
export const alignmentSchema = v.picklist(["last", "each", "mean"]);
export type Alignment = v.InferOutput<typeof alignmentSchema>;

/** One replaced position: the state put at `target` is the mean of the source run's states at `source` (usually one). */
export const pairSchema = v.object({ target: countSchema, source: positionsSchema });
export type SwapPair = Frozen<v.InferOutput<typeof pairSchema>>;

/** One row of given vectors: `vectors[i]` (`[width]`) is put at `positions[i]` at the input of block k. */
export const entrySchema = v.object({
  k: countSchema,
  positions: positionsSchema,
  vectors: v.pipe(v.array(v.array(v.pipe(v.number(), v.finite()))), v.minLength(1)),
});
export type VectorsEntry = Frozen<v.InferOutput<typeof entrySchema>>;
