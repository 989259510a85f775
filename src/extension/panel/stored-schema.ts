/** The form of the stored demo's file: results as the command line writes them (guide cli.md). */
import * as v from "valibot";
import { conditionSchema, replySchemas } from "../../shared/protocol.ts";
import { GRID_SCHEMA, SWEEP_SCHEMA } from "../../shared/result.ts";

const prompt = v.object({
  text: v.nullable(v.string()),
  ids: v.array(v.number()),
  tokens: v.array(v.string()),
  positions: v.array(v.number()),
  bos: v.object({ added: v.boolean() }),
});

const { baseline: top, answers, rows, flip, lens } = replySchemas.sweep.entries;
const { scope, baseline, rows: continuationRows } = replySchemas.continuation.entries;
const matrix = <T extends v.GenericSchema>(item: T): v.ArraySchema<v.ArraySchema<T, undefined>, undefined> =>
  v.array(v.array(item));

const control = v.object({
  name: v.picklist(["identity", "random", "unrelated"]),
  condition: conditionSchema,
  source: v.nullable(prompt),
  rows,
  flip,
});

const sweep = v.object({
  schema: v.literal(SWEEP_SCHEMA),
  model: v.object({ path: v.string(), blocks: v.number(), numeric: v.string() }),
  target: prompt,
  source: prompt,
  baseline: v.object({ top }),
  answers: v.object({
    ...answers.entries,
    scoring: v.picklist(["next-token", "likelihood"]),
  }),
  rows,
  flip,
  lens: v.optional(v.nullable(lens.wrapped), null),
  attention: v.optional(matrix(v.number())),
  continuations: v.optional(v.object({ scope, baseline, rows: continuationRows })),
  controls: v.optional(v.array(control)),
});

const grid = v.object({
  schema: v.literal(GRID_SCHEMA),
  layers: v.object({ from: v.number(), to: v.number() }),
  argmax: matrix(v.number()),
  outcome: matrix(v.picklist(["target", "source", "neither"])),
  logitDifference: matrix(v.nullable(v.number())),
  targetLogprob: matrix(v.number()),
  sourceLogprob: matrix(v.nullable(v.number())),
  rankOfTarget: matrix(v.number()),
  texts: v.record(v.string(), v.string()),
});

/** The file `{ sweep, grid }`; a swap and its grid. */
export const storedSchema = v.object({ sweep, grid: v.nullable(grid) });

/** The stored sweep. */
export type StoredSweep = v.InferOutput<typeof sweep>;

/** The stored grid. */
export type StoredGrid = v.InferOutput<typeof grid>;
