/** Records sessions of real runs: the engine's own process on a model's file, as the editor asks it. */
import * as path from "node:path";
import type { EngineClient } from "../../../src/engine/client/engine-client.ts";
import type { Alignment } from "../../../src/shared/condition/parts.ts";
import type { Condition } from "../../../src/shared/condition/condition.ts";
import { smallestK } from "../../../src/shared/condition/condition.ts";
import type { ConditionChoice } from "../../../src/shared/condition/condition-choice.ts";
import { conditionOf, INITIAL_CHOICE } from "../../../src/shared/condition/condition-choice.ts";
import { controlsOf, UNRELATED_PROMPT } from "../../../src/shared/experiment/controls.ts";
import type { LayerRange } from "../../../src/shared/experiment/experiment.ts";
import { CONVENTION, promptOf } from "../../../src/shared/experiment/experiment.ts";
import { modelFacts } from "../../../src/shared/experiment/model-facts.ts";
import type { ModelInfo } from "../../../src/shared/protocol/engine.ts";
import type {
  Session,
  SessionChosen,
  SessionControl,
  SessionGrid,
  SessionPrompt,
  SessionSetup,
  SessionSweep,
} from "../../../src/shared/session/session.ts";
import { expectedRows, gridExperiment, sweepExperiment } from "../../../src/shared/session/session.ts";
import type { PlacedSpan } from "../../../src/shared/condition/span-alignment.ts";
import { alignSpans } from "../../../src/shared/condition/span-alignment.ts";
import { spanOfRange } from "../../../src/shared/prompt/spans.ts";
import type { BosPolicy } from "../../../src/shared/prompt/tokens.ts";
import { VERSION } from "../../../src/shared/version.ts";

/** What is to be run, in words: a word stands for its last place in its prompt. */
export interface Recipe {
  /** File or folder of the model, and what it is called. */
  readonly model: { readonly path: string; readonly name: string; readonly embedded: boolean };
  readonly savedAt: string;
  readonly label: string;
  readonly target: { readonly text: string; readonly label: string; readonly words: readonly string[] };
  readonly source: { readonly text: string; readonly label: string; readonly word: string } | null;
  readonly align: Alignment | null;
  readonly bos: BosPolicy;
  readonly choice: Partial<ConditionChoice>;
  readonly answers: Partial<SessionSetup["answers"]>;
  /** Null: all k of the condition. */
  readonly layers: LayerRange | null;
  readonly parts: readonly ("sweep" | "lens" | "grid" | "attention" | "controls" | "continuations")[];
  /** Keeps so many rows of the sweep and columns of the grid, as a run that had not ended; null keeps all. */
  readonly kept: number | null;
  readonly view: Session["view"];
}

/** Runs what a recipe says. Times are left out, so that a recipe gives the same session again. */
export async function recordSession(client: EngineClient, recipe: Recipe): Promise<Session> {
  const { model, parts } = recipe;
  const info = await client.request("open", { path: model.path, file: null, threads: 1, runtime: "auto" });
  const { sha256 } = await client.request("hash", {});
  const target = await readPrompt(client, info, recipe.target, recipe.bos);
  const source = recipe.source && (await readPrompt(client, info, recipe.source, recipe.bos));
  const chosen = chosenOf(recipe, target, source);
  const setup = setupOf(recipe);
  const condition = conditionOf(setup.choice, {
    length: target.tokenization.ids.length,
    startsWithBos: target.startsWithBos,
    chosen: chosen.targets.map(({ to }) => to),
    align: chosen.align,
    pairs: chosen.pairs,
    entries: [],
  });
  const file = path.basename(info.path);
  const session: Session = {
    product: VERSION,
    savedAt: recipe.savedAt,
    label: recipe.label,
    convention: CONVENTION,
    model: { name: model.name, file, embedded: model.embedded, ...modelFacts(info, { sha256 }) },
    target,
    source,
    chosen,
    setup,
    sweep: null,
    grid: null,
    attention: null,
    view: recipe.view,
  };
  const layers = recipe.layers ?? { from: smallestK(condition.kind), to: info.blocks - 1 };
  const sweep = parts.includes("sweep") ? await runSweep(client, session, recipe, condition, layers) : null;
  const grid = parts.includes("grid") ? await runGrid(client, { ...session, sweep }, recipe) : null;
  const attention = parts.includes("attention")
    ? await client.request("attention", { ids: target.tokenization.ids })
    : null;
  return { ...session, sweep, grid, attention: attention && { weights: attention.weights, note: "" } };
}

async function readPrompt(
  client: EngineClient,
  info: ModelInfo,
  { text, label }: { readonly text: string; readonly label: string },
  bos: BosPolicy,
): Promise<SessionPrompt> {
  const tokenization = await client.request("tokenize", { text, bos });
  const startsWithBos = info.bosId !== null && tokenization.ids[0] === info.bosId;
  return { label, text, shift: 0, chatTemplate: false, startsWithBos, tokenization };
}

function chosenOf(recipe: Recipe, target: SessionPrompt, source: SessionPrompt | null): SessionChosen {
  const targets = recipe.target.words.map((word) => spanIn(target, word));
  const from = source && recipe.source ? spanIn(source, recipe.source.word) : null;
  const pairs = from && targets.length > 0 ? alignSpans(targets, from, recipe.align) : [];
  return { targets, source: from, word: null, align: from && recipe.align, pairs };
}

function spanIn({ tokenization }: SessionPrompt, word: string): PlacedSpan {
  const start = tokenization.text.lastIndexOf(word);
  const { from, to, text } = spanOfRange(tokenization, start, start + word.length);
  return { from, to, text };
}

function setupOf({ choice, answers }: Recipe): SessionSetup {
  return {
    choice: { ...INITIAL_CHOICE, ...choice },
    vectorsLabel: null,
    answers: { target: "", source: "", scoring: "next-token", tokens: 1, ...answers },
  };
}

async function runSweep(
  client: EngineClient,
  session: Session,
  { parts, kept }: Recipe,
  condition: Condition,
  layers: LayerRange,
): Promise<SessionSweep> {
  const { answers } = session.setup;
  const encode = async (text: string): Promise<SessionSweep["request"]["target"]> =>
    text === "" ? null : client.request("encodeAnswer", { text, promptText: session.target.text });
  const asked: SessionSweep = {
    condition,
    layers,
    top: 10,
    wantsLens: parts.includes("lens"),
    request: {
      target: await encode(answers.target),
      source: await encode(answers.source),
      scoring: answers.scoring,
      tokens: answers.tokens,
    },
    state: "partial",
    expectedRows: expectedRows(condition, layers),
    runMs: null,
    baseline: [],
    answers: null,
    flip: null,
    rows: [],
    lens: null,
    continuations: null,
    controls: null,
  };
  const reply = await client.request("sweep", sweepExperiment({ ...session, sweep: asked })!);
  const { rows, baseline, flip, lens } = reply;
  const ran = { ...asked, baseline, answers: reply.answers };
  if (kept !== null) return { ...ran, rows: rows.slice(0, kept) };
  const sweep: SessionSweep = { ...ran, state: "complete", rows, flip, lens };
  return {
    ...sweep,
    continuations: parts.includes("continuations") ? await continued(client, session, sweep) : null,
    controls: parts.includes("controls") ? await runControls(client, session, sweep) : null,
  };
}

async function continued(
  client: EngineClient,
  session: Session,
  sweep: SessionSweep,
): Promise<SessionSweep["continuations"]> {
  const { target, source, condition } = sweepExperiment({ ...session, sweep })!;
  const rows = [sweep.rows[0]!, sweep.rows.at(-1)!].map(({ k, seed }) => ({ k, seed: seed ?? null }));
  const tokens = 4;
  const reply = await client.request("continuation", { target, source, condition, rows, tokens });
  return { ...reply, tokens };
}

async function runControls(
  client: EngineClient,
  session: Session,
  sweep: SessionSweep,
): Promise<SessionControl[]> {
  const { bos } = session.target.tokenization;
  const unrelated = await client.request("tokenize", { text: UNRELATED_PROMPT, bos: bos.policy });
  const controls: SessionControl[] = [];
  for (const { name, condition, readsUnrelated } of controlsOf(sweep.condition, unrelated.ids.length)) {
    const experiment = sweepExperiment({ ...session, sweep })!;
    const source = readsUnrelated ? promptOf(unrelated) : null;
    const answers = { ...sweep.request, ...sweep.answers };
    const { rows, flip } = await client.request("sweep", {
      ...experiment,
      source,
      condition,
      answers,
      lens: false,
    });
    controls.push({ name, condition, source, state: "complete", rows, flip });
  }
  return controls;
}

async function runGrid(
  client: EngineClient,
  session: Session,
  { kept, layers }: Recipe,
): Promise<SessionGrid> {
  const { model, chosen, sweep, setup } = session;
  const asked: SessionGrid = {
    sourcePositions: [...new Set(chosen.pairs.flatMap((pair) => pair.source))],
    sourceLayer: setup.choice.sourceLayer,
    strength: setup.choice.strength,
    targetPositions: chosen.targets.map(({ to }) => to),
    layers: layers ?? { from: 0, to: model.blocks - 1 },
    // As the editor asks: strip and heatmap mean the same source answer.
    request: { target: null, source: sweep?.answers?.source ?? null },
    state: "partial",
    answers: null,
    columns: [],
    texts: {},
  };
  const reply = await client.request("grid", gridExperiment({ ...session, grid: asked })!);
  const { answers, columns, texts } = reply;
  if (kept === null) return { ...asked, state: "complete", answers, columns, texts };
  return { ...asked, answers, columns: columns.map((column, p) => (p < kept ? column : null)), texts };
}
