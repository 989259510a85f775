/** What results are made of, as schemas: the engine protocol, session files and the types of `result.ts` come from these. */
import * as v from "valibot";
import type { MetricField } from "./metrics.ts";
import { METRICS } from "./metrics.ts";
import { count, real } from "./numbers.ts";

export const answerSchema = v.object({
  ids: v.pipe(v.array(count), v.minLength(1)),
  text: v.string(),
});

export const scoringSchema = v.picklist(["next-token", "likelihood"]);

/** target: what the prompt answers unpatched; source: what the put-in state should give; neither: anything else. */
export const outcomeSchema = v.picklist(["target", "source", "neither"]);

/** First k of the final run of target outcomes up to the last block, and the number of blocks. */
export const flipSchema = v.object({ k: count, of: count });

/** One candidate for the next token. `logprob` is the natural log of the softmax over the whole vocabulary. */
export const topTokenSchema = v.object({ id: count, text: v.string(), logit: real, logprob: real });

/** Most likely tokens, best first. */
const top = v.pipe(v.array(topTokenSchema), v.minLength(1));

/** One patched run: what the model answers when the input of block k is replaced. `seed` where the condition has seeds. */
export const rowSchema = v.object({
  k: count,
  outcome: outcomeSchema,
  top,
  ...metricSchemas(),
  seed: v.exactOptional(count),
});

/**
 * Logit lens of the unpatched prompt's last position: final norm and head on the input of block k. k = blocks is the
 * output of the last block, and equals the model's own logits. Metrics are of the answers' first tokens.
 */
export const lensRowSchema = v.object({
  k: count,
  top,
  targetLogprob: METRICS.targetLogprob.schema,
  sourceLogprob: METRICS.sourceLogprob.schema,
  rankOfTarget: METRICS.rankOfTarget.schema,
});

/** One position of a grid over all k of its range, as it streams out. Lists are indexed by k - layers.from. */
export const gridColumnSchema = v.object({
  position: count,
  argmax: v.array(count),
  outcome: v.array(outcomeSchema),
  logitDifference: v.array(METRICS.logitDifference.schema),
  targetLogprob: v.array(METRICS.targetLogprob.schema),
  sourceLogprob: v.array(METRICS.sourceLogprob.schema),
  rankOfTarget: v.array(METRICS.rankOfTarget.schema),
  /** Missing in grids of versions that did not keep it. */
  klToBaseline: v.exactOptional(v.array(METRICS.klToBaseline.schema)),
});

/** Tokens generated greedily after a prompt. `length`: as many as asked for; `end`: the model ended its text. */
export const continuationSchema = v.object({
  ids: v.array(count),
  text: v.string(),
  endedBy: v.picklist(["length", "end"]),
});

/** The continuation after one patched run. */
export const continuationRowSchema = v.object({
  k: count,
  seed: v.nullable(count),
  ...continuationSchema.entries,
});

/**
 * What a condition covers while tokens are generated. `prompt`: the pass over the prompt alone, later tokens run
 * unpatched on its keys and values. `every-step`: skip attention, which is a property of blocks, holds at all steps.
 */
export const continuationScopeSchema = v.picklist(["prompt", "every-step"]);

/** Outcome of the checks at load (docs/invariants.md). A check that could not be made is null, with the reason in `note`. */
export const selfTestSchema = v.object({
  passed: v.boolean(),
  /** Split model against the whole graph (or the plain reference for GGUF), max |Δlogit| or relative state error. */
  maxAbsDiff: v.nullable(real),
  /** Identity patch against the unpatched row, max |Δlogit|; must be 0. */
  identity: v.nullable(real),
  /** Logit lens at the last block against the model's logits, max |Δlogit|. */
  lens: v.nullable(real),
  /** What `maxAbsDiff` was measured against, or why it was not. */
  note: v.string(),
});

type MetricSchemas = { [M in MetricField]: (typeof METRICS)[M]["schema"] };

function metricSchemas(): MetricSchemas {
  return Object.fromEntries(
    Object.entries(METRICS).map(([field, { schema }]) => [field, schema]),
  ) as MetricSchemas;
}
