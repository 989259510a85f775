/**
 * The engine protocol: every request, reply and notification between the engine process and its clients (extension
 * host, command line). One file for both sides; both validate what arrives.
 */
import * as v from "valibot";
import { HINT_CODES } from "../hints.ts";
import { conditionSchema } from "../condition/condition.ts";
import { positionsSchema, sourceLayerSchema, strengthSchema } from "../condition/parts.ts";
import { MOST_THREADS } from "../experiment/limits.ts";
import { count } from "../experiment/numbers.ts";
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
import { RUNTIME_CHOICES, runtimeUseSchema } from "../experiment/runtime.ts";
import type { Frozen } from "../frozen.ts";
import { diagnosisSchema } from "../experiment/diagnosis.ts";
import { GUESSED_SPLITS } from "../prompt/tokens.ts";
import { modelHashesSchema } from "./model-hashes.ts";

const ids = v.array(count);

const bosPolicy = v.picklist(["auto", "on", "off"]);

const prompt = v.object({
  text: v.nullable(v.string()),
  ids: v.pipe(ids, v.minLength(1)),
  tokens: v.array(v.string()),
  bos: v.object({ policy: bosPolicy, added: v.boolean() }),
  guessedSplit: v.exactOptional(v.picklist(GUESSED_SPLITS)),
});

const namedAnswers = v.object({ target: v.nullable(answerSchema), source: v.nullable(answerSchema) });
const answerRequest = v.object({
  ...namedAnswers.entries,
  scoring: scoringSchema,
  tokens: v.pipe(count, v.minValue(1)),
});
const layers = v.object({ from: count, to: count });

const sweepRequest = v.object({
  target: prompt,
  source: v.nullable(prompt),
  condition: conditionSchema,
  layers,
  answers: answerRequest,
  top: v.pipe(v.number(), v.integer(), v.minValue(1)),
  lens: v.boolean(),
});

const gridRequest = v.object({
  target: prompt,
  source: prompt,
  sourcePositions: positionsSchema,
  sourceLayer: sourceLayerSchema,
  strength: strengthSchema,
  targetPositions: ids,
  /** Absent: every one. */
  positions: v.exactOptional(v.pipe(ids, v.minLength(1))),
  layers,
  answers: namedAnswers,
});

/** Parameters of each request, by method name. */
export const REQUEST_SCHEMAS = {
  /** Opens a model; an open one is closed first. Replies with what was opened. */
  open: v.object({
    path: v.string(),
    /** One graph of a hub-layout folder, relative to it; null = the product's choice. */
    file: v.nullable(v.string()),
    /** A `tokenizer.json`, or its folder, to be taken in place of the model's own; absent: its own. */
    tokenizer: v.exactOptional(v.string()),
    threads: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_THREADS)),
    runtime: v.picklist(RUNTIME_CHOICES),
    /** Factor of the time and the memory that opening may take; 0: no limits; absent: 1. */
    budget: v.exactOptional(v.pipe(v.number(), v.minValue(0))),
    /** Most bytes that the engine may hold; absent: what is free. Blocks of larger GGUF files are opened when they run. */
    memory: v.exactOptional(v.pipe(v.number(), v.minValue(1))),
  }),
  /** What a model would take, from its header alone; nothing is opened or closed. */
  estimate: v.object({ path: v.string(), file: v.nullable(v.string()) }),
  /** Hashes of the opened model, computed while it runs. */
  hash: v.object({}),
  tokenize: v.object({ text: v.string(), bos: bosPolicy }),
  tokensOf: v.object({ ids }),
  /** Token ids of an answer that continues a prompt. */
  encodeAnswer: v.object({ text: v.string(), promptText: v.nullable(v.string()) }),
  applyChatTemplate: v.object({
    messages: v.array(v.object({ role: v.string(), content: v.string() })),
  }),
  sweep: sweepRequest,
  grid: gridRequest,
  /** What a sweep or a grid would run, without running it. */
  plan: v.object({ sweep: v.nullable(sweepRequest), grid: v.nullable(gridRequest) }),
  /** Greedy continuations: of the unpatched prompt, and after each patched run. */
  continuation: v.object({
    target: prompt,
    source: v.nullable(prompt),
    condition: conditionSchema,
    rows: v.array(v.object({ k: count, seed: v.nullable(count) })),
    tokens: v.pipe(count, v.minValue(1)),
  }),
  /** Attention of an unpatched prompt's last position to each position. */
  attention: v.object({ ids: v.pipe(ids, v.minLength(1)) }),
  states: v.object({ ids: v.pipe(ids, v.minLength(1)) }),
  inspect: v.object({}),
  /** The machine and its runtimes; needs no model. */
  diagnose: v.object({}),
  /** Answered at once between two kernels. */
  ping: v.object({}),
} as const;

export type Method = keyof typeof REQUEST_SCHEMAS;
export type Params<M extends Method> = Frozen<v.InferOutput<(typeof REQUEST_SCHEMAS)[M]>>;

const modelInfo = v.object({
  path: v.string(),
  runtime: runtimeUseSchema,
  architecture: v.string(),
  blocks: count,
  width: count,
  vocab: count,
  contextLength: v.nullable(count),
  numeric: v.string(),
  cut: v.string(),
  sharesPrefix: v.boolean(),
  skipsAttention: v.boolean(),
  givesAttention: v.boolean(),
  /** Only where it gives none. */
  whyNoAttention: v.exactOptional(v.string()),
  memoryBytes: v.number(),
  /** Most bytes of weights that are open at once, where blocks are opened when they run; absent: all are. */
  heldBytes: v.exactOptional(v.number()),
  /** The `tokenizer.json` that is taken in place of the model's own, absolute; absent: its own. */
  tokenizer: v.exactOptional(v.string()),
  notes: v.array(v.string()),
  selfTest: selfTestSchema,
  openMs: v.number(),
  hasChatTemplate: v.boolean(),
  bosToken: v.nullable(v.string()),
  bosId: v.nullable(count),
});

const resolvedAnswers = v.object({ target: answerSchema, source: v.nullable(answerSchema) });

const plannedPass = v.object({
  kind: v.picklist(["target", "source", "rows", "answer", "lens"]),
  what: v.string(),
  rows: count,
  positions: count,
  past: count,
  from: count,
  to: count,
  blockTokens: count,
  keyValueTokens: count,
  headRows: count,
  bytes: v.number(),
});

const runTiming = v.object({ runMs: v.number(), blockTokens: count });

const tokenization = v.object({
  text: v.string(),
  ids,
  tokens: v.array(
    v.object({
      index: count,
      id: count,
      text: v.string(),
      start: count,
      end: count,
      special: v.boolean(),
    }),
  ),
  bos: v.object({ policy: bosPolicy, added: v.boolean() }),
  approximate: v.boolean(),
  guessedSplit: v.exactOptional(v.picklist(GUESSED_SPLITS)),
});

/** Replies, by method name. */
export const REPLY_SCHEMAS = {
  open: modelInfo,
  estimate: v.object({
    /** The file itself, absolute. */
    path: v.string(),
    /** Bytes of the model's files. */
    fileBytes: v.number(),
    /** Resident bytes once it is open. */
    memoryBytes: v.number(),
    /** Least bytes with which it runs, its blocks opened on demand; null: it cannot. */
    leastBytes: v.nullable(v.number()),
  }),
  hash: modelHashesSchema,
  tokenize: tokenization,
  tokensOf: tokenization,
  encodeAnswer: v.object({ ...answerSchema.entries, first: v.string() }),
  applyChatTemplate: v.object({ text: v.nullable(v.string()) }),
  sweep: v.object({
    baseline: v.array(topTokenSchema),
    answers: resolvedAnswers,
    rows: v.array(rowSchema),
    flip: v.nullable(flipSchema),
    /** Null when it was not asked for. */
    lens: v.nullable(v.array(lensRowSchema)),
    timing: runTiming,
  }),
  grid: v.object({
    baseline: v.array(topTokenSchema),
    answers: resolvedAnswers,
    columns: v.array(gridColumnSchema),
    texts: v.record(v.string(), v.string()),
    timing: runTiming,
  }),
  plan: v.object({
    passes: v.array(plannedPass),
    blockTokens: count,
    keyValueTokens: count,
    headRows: count,
    bytes: v.number(),
    budgetBytes: count,
    keptBytes: v.number(),
    wholeBlockTokens: count,
    reads: v.nullable(v.object({ climbs: count, bytes: v.number() })),
    unplanned: v.array(v.string()),
    /** Milliseconds on this machine, by the runs of this model so far; null before the first. */
    expectedMs: v.nullable(v.number()),
  }),
  continuation: v.object({
    scope: continuationScopeSchema,
    baseline: continuationSchema,
    rows: v.array(continuationRowSchema),
  }),
  /** `[blocks][positions]`, mean over heads. */
  attention: v.object({ weights: v.array(v.array(v.number())) }),
  states: v.object({ data: v.instance(Float32Array), blocks: count, positions: count, width: count }),
  inspect: v.object({
    ...modelInfo.entries,
    kind: v.picklist(["onnx", "gguf"]),
    ...modelHashesSchema.entries,
    fileBytes: v.number(),
  }),
  diagnose: diagnosisSchema,
  ping: v.object({ residentBytes: v.number() }),
} as const satisfies Record<Method, v.GenericSchema>;

export type Reply<M extends Method> = Frozen<v.InferOutput<(typeof REPLY_SCHEMAS)[M]>>;
export type ModelInfo = Reply<"open">;
export type SweepReply = Reply<"sweep">;
export type GridReply = Reply<"grid">;
export type ContinuationReply = Reply<"continuation">;

/** What streams out while a request runs. */
export const progressSchema = v.variant("kind", [
  /** Known before the first row: the unpatched answer. `answers.source` is null until the smallest k has run. */
  v.object({ kind: v.literal("baseline"), top: v.array(topTokenSchema), answers: resolvedAnswers }),
  v.object({ kind: v.literal("row"), row: rowSchema, answers: resolvedAnswers, done: count, total: count }),
  v.object({
    kind: v.literal("column"),
    column: gridColumnSchema,
    texts: v.record(v.string(), v.string()),
    answers: resolvedAnswers,
    done: count,
    total: count,
  }),
  v.object({ kind: v.literal("step"), label: v.string(), done: count, total: count }),
]);

export type Progress = Frozen<v.InferOutput<typeof progressSchema>>;

/** The engine's first message; a client that speaks another version refuses it. */
export const PROTOCOL_VERSION = 1;

export const helloSchema = v.object({ protocol: v.number(), version: v.string() });
export type Hello = v.InferOutput<typeof helloSchema>;

export const errorDataSchema = v.object({
  code: v.string(),
  message: v.string(),
  hint: v.string(),
  hintCode: v.exactOptional(v.picklist(HINT_CODES)),
});

/** A validation failure in one line, with the path to the offending value. */
export function issueText(issues: readonly v.BaseIssue<unknown>[]): string {
  const first = issues[0];
  if (!first) return "invalid message";
  const path = v.getDotPath(first);
  return path === null ? first.message : `${path}: ${first.message}`;
}
