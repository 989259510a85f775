/**
 * The form of a session file, version 1: the one source of what is read, of the order in which fields are written, and of
 * the JSON schema that editors use (`tools/session-schema.mjs`). Fields that it does not name are read past.
 */
import * as v from "valibot";
import { CONDITION_KINDS, conditionSchema, ownValuesSchema } from "../condition/condition.ts";
import { MOST_SEEDS } from "../condition/condition-choice.ts";
import { MOST_ANSWER_TOKENS, MOST_CONTINUATION_TOKENS } from "../experiment/limits.ts";
import { count, real } from "../experiment/numbers.ts";
import { CONTROL_NAMES } from "../experiment/result.ts";
import {
  answerSchema,
  continuationRowSchema,
  continuationSchema,
  continuationScopeSchema,
  flipSchema,
  gridColumnSchema,
  lensRowSchema,
  rowSchema,
  scoringSchema,
  selfTestSchema,
  topTokenSchema,
} from "../experiment/result-schema.ts";
import { RUNTIMES } from "../experiment/runtime.ts";
import { GUESSED_SPLITS } from "../prompt/tokens.ts";
import { SESSION_FORMAT, SESSION_VERSION } from "./session.ts";

const list = v.array(count);
const said = v.description;

const layers = v.pipe(
  v.object({ from: count, to: count }),
  said("Range of k, both ends included. k is the 0-based block whose input is replaced."),
);
const bos = v.pipe(
  v.object({ policy: v.picklist(["auto", "on", "off"]), added: v.boolean() }),
  said("Policy for the beginning-of-sequence token, and whether it put one at position 0."),
);
const flip = v.pipe(
  v.nullable(flipSchema),
  said("First k of the final run of target outcomes up to the last block, and the number of blocks."),
);
const state = v.pipe(
  v.picklist(["complete", "partial"]),
  said("partial: kept from a run that had not ended; only finished rows are there."),
);
const answers = v.pipe(
  v.nullable(v.object({ target: answerSchema, source: v.nullable(answerSchema) })),
  said("The two answers, named or found by running."),
);
const namedAnswer = v.object({
  ...answerSchema.entries,
  first: v.exactOptional(v.pipe(v.string(), said("Text of its first token; older files lack it."))),
});
const NAMED_ANSWERS = { target: v.nullable(namedAnswer), source: v.nullable(namedAnswer) };

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const model = v.pipe(
  v.object({
    name: v.string(),
    file: v.pipe(v.string(), said("Name of the model's file, without folders.")),
    sha256: v.pipe(
      v.nullable(sha256),
      said("SHA-256 of the model's file alone; null when it was not known yet."),
    ),
    identity: v.exactOptional(
      v.pipe(
        v.object({ weights: sha256, tokenizer: sha256, template: v.nullable(sha256) }),
        said("SHA-256 of all that answers depend on; template: null without one."),
      ),
    ),
    architecture: v.string(),
    // No model has more; a broken number must not make a list of that length.
    blocks: v.pipe(count, v.minValue(1), v.maxValue(100_000)),
    width: count,
    vocab: count,
    numeric: v.pipe(v.string(), said("Numeric mode, for example fp32.")),
    cut: v.pipe(v.string(), said("How the residual stream was found in the file.")),
    runtime: v.exactOptional(v.pipe(v.picklist(RUNTIMES), said("What ran it. Missing in older sessions."))),
    tokenizer: v.exactOptional(
      v.pipe(
        v.string(),
        said("Folder and name of the tokenizer.json that was taken in place of the model's own."),
      ),
    ),
    selfTest: v.pipe(selfTestSchema, said("The checks that were made when the model was opened.")),
    embedded: v.pipe(v.boolean(), said("The demonstration model, which is never evidence.")),
  }),
  said("The model that ran."),
);

const prompt = v.object({
  label: v.pipe(v.string(), said("Where the prompt stood.")),
  text: v.pipe(v.string(), said("The prompt's own text.")),
  read: v.pipe(
    v.nullable(v.string()),
    said("The text that the model read, where it is another (a chat template); else null."),
  ),
  shift: v.pipe(v.nullable(count), said("Where the prompt's own text begins in what the model read.")),
  chatTemplate: v.boolean(),
  startsWithBos: v.boolean(),
  bos,
  approximate: v.pipe(v.boolean(), said("Whether offsets are an alignment, not exact.")),
  guessedSplit: v.exactOptional(
    v.pipe(
      v.picklist(GUESSED_SPLITS),
      said("Why text was split by a guess: the model's file names no pre-tokenizer, or only `default`."),
    ),
  ),
  ids: v.pipe(list, v.minLength(1), said("Token ids as the model read them.")),
  tokens: v.pipe(v.array(v.string()), said("Decoded text of each id.")),
  offsets: v.pipe(
    v.array(v.strictTuple([count, count])),
    said("First UTF-16 unit that each token covers in what the model read, and the one after the last."),
  ),
  special: v.pipe(list, said("Positions of control tokens.")),
});

const span = v.object({ from: count, to: count, text: v.string() });
const chosen = v.pipe(
  v.object({
    targets: v.array(span),
    source: v.nullable(span),
    word: v.nullable(v.string()),
    align: v.nullable(v.picklist(["last", "each", "mean"])),
    pairs: v.array(v.object({ target: count, source: list })),
  }),
  said("What was chosen in the prompts."),
);

const setup = v.pipe(
  v.object({
    choice: v.object({
      kind: v.picklist(CONDITION_KINDS),
      where: v.picklist(["all-but-last", "chosen"]),
      excludeBos: v.boolean(),
      seed: count,
      seeds: v.pipe(count, v.minValue(1), v.maxValue(MOST_SEEDS)),
      strength: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
      sourceLayer: v.nullable(count),
      numbers: v.exactOptional(ownValuesSchema),
    }),
    vectorsLabel: v.nullable(v.string()),
    answers: v.object({
      target: v.string(),
      source: v.string(),
      scoring: scoringSchema,
      tokens: v.pipe(count, v.minValue(1), v.maxValue(MOST_ANSWER_TOKENS)),
    }),
  }),
  said("The choices for the next run. Results depend on the conditions beside them only."),
);

// A line of a file begins with the numbers; its long list comes last.
const { k, seed, outcome, top, ...metrics } = rowSchema.entries;
const row = v.object({ k, seed, outcome, ...metrics, top });
const { top: lensTop, ...lensNumbers } = lensRowSchema.entries;
const lensRow = v.object({ ...lensNumbers, top: lensTop });
const rows = v.pipe(v.array(row), said("One for each k and seed, in this order."));

const continuations = v.object({
  scope: continuationScopeSchema,
  tokens: v.pipe(count, v.minValue(1), v.maxValue(MOST_CONTINUATION_TOKENS)),
  baseline: continuationSchema,
  rows: v.array(continuationRowSchema),
});

const control = v.object({
  name: v.picklist(CONTROL_NAMES),
  condition: conditionSchema,
  source: v.nullable(
    v.object({
      text: v.nullable(v.string()),
      ids: v.pipe(list, v.minLength(1)),
      tokens: v.array(v.string()),
      bos,
    }),
  ),
  state,
  flip,
  rows,
});

const sweep = v.object({
  condition: conditionSchema,
  layers,
  request: v.pipe(
    v.object({ ...NAMED_ANSWERS, scoring: scoringSchema, tokens: v.pipe(count, v.minValue(1)) }),
    said("Answers that were named; null: found by running."),
  ),
  top: v.pipe(count, v.minValue(1)),
  wantsLens: v.boolean(),
  state,
  expectedRows: v.pipe(count, said("Rows of the complete run.")),
  runMs: v.nullable(v.pipe(v.number(), v.finite())),
  answers,
  flip,
  baseline: v.pipe(v.array(topTokenSchema), said("The most likely tokens of the unpatched prompt.")),
  rows,
  lens: v.pipe(v.nullable(v.array(lensRow)), said("Logit lens of the unpatched prompt's last token.")),
  continuations: v.nullable(continuations),
  controls: v.nullable(v.array(control)),
});

const grid = v.object({
  sourcePositions: v.pipe(list, v.minLength(1)),
  sourceLayer: v.nullable(count),
  strength: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  targetPositions: list,
  asked: v.exactOptional(
    v.pipe(list, v.minLength(1), said("Positions that were asked for, ascending; absent: all of them.")),
  ),
  layers,
  request: v.pipe(v.object(NAMED_ANSWERS), said("Answers that were named; null: found by running.")),
  state,
  answers,
  texts: v.pipe(
    v.record(v.pipe(v.string(), v.regex(/^\d+$/)), v.string()),
    said("Decoded text of the token ids in the columns."),
  ),
  columns: v.pipe(
    v.array(v.nullable(gridColumnSchema)),
    said("One for each position, over all k of the range; null where not run."),
  ),
});

/** The whole file. */
export const sessionFileSchema = v.pipe(
  v.object({
    format: v.literal(SESSION_FORMAT),
    version: v.pipe(v.literal(SESSION_VERSION), said("Version of this format.")),
    product: v.pipe(v.string(), said("Version of State Swap that ran it.")),
    savedAt: v.pipe(v.string(), v.isoTimestamp()),
    label: v.string(),
    convention: v.pipe(v.string(), said("What k means.")),
    model,
    target: v.pipe(prompt, said("The prompt whose states are replaced.")),
    source: v.pipe(v.nullable(prompt), said("The prompt that states come from; null without one.")),
    chosen,
    setup,
    view: v.pipe(
      v.object({ k: v.nullable(count), cell: v.nullable(v.object({ position: count, k: count })) }),
      said("What was looked at."),
    ),
    sweep: v.pipe(v.nullable(sweep), said("One condition over a range of k.")),
    grid: v.pipe(v.nullable(grid), said("The swap at every token and every k.")),
    attention: v.pipe(
      v.nullable(v.object({ note: v.string(), weights: v.nullable(v.array(v.array(real))) })),
      said("Attention of the unpatched target prompt's last token, [blocks][positions]."),
    ),
  }),
  v.title("State Swap session"),
  said('One result with everything that reproduces it. Numbers beyond JSON are "-Infinity" and "Infinity".'),
);

/** Parts that stand in several places of the file, for the definitions of its JSON schema. */
export const SESSION_FILE_PARTS = {
  real,
  answer: answerSchema,
  topToken: topTokenSchema,
  prompt,
  condition: conditionSchema,
  row,
  column: gridColumnSchema,
};

/** A session as its file holds it. */
export type SessionFile = v.InferOutput<typeof sessionFileSchema>;

/** A prompt as a session's file holds it. */
export type FilePrompt = v.InferOutput<typeof prompt>;
