/** Conditions beyond the swap, from choice to panel, on the real engine process. */
import type { StaleReason } from "../../../../src/shared/experiment/standing.ts";
import { standingText } from "../../../../src/shared/words/standing.ts";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stepText, sweepText } from "../../../../src/extension/marks/after-text.ts";
import { documentMarks } from "../../../../src/extension/marks/document-marks.ts";
import { interventionHover } from "../../../../src/extension/marks/hover-text.ts";
import { PromptRegister } from "../../../../src/extension/prompt/prompt-register.ts";
import { verbatim } from "../../../../src/extension/prompt/prompt-text.ts";
import { conditionNow } from "../../../../src/extension/interventions/condition-now.ts";
import type {
  Intervention,
  Setup,
  Source,
  SweepRun,
} from "../../../../src/extension/interventions/records.ts";
import { INITIAL_SETUP } from "../../../../src/extension/interventions/records.ts";
import type { ReadPrompt } from "../../../../src/extension/prompt/reading.ts";
import { sentenceOf } from "../../../../src/extension/interventions/sentence.ts";
import { staleSweep } from "../../../../src/extension/interventions/stale.ts";
import { conditionName } from "../../../../src/shared/words/condition.ts";
import { textOf } from "../../../../src/shared/words/parts.ts";
import { bosText } from "../../../../src/shared/words/facts.ts";
import { CONDITION_KINDS } from "../../../../src/shared/condition/condition.ts";
import type { ConditionChoice } from "../../../../src/shared/condition/condition-choice.ts";
import { flipOf, OUTCOME_MARK, rowPerK } from "../../../../src/shared/experiment/outcome.ts";
import { quotedAnswer } from "../../../../src/shared/words/answer.ts";
import { Bench, TARGET, put, reading, root, setupOf, spanIn } from "../../../support/extension-support.ts";

const bench = new Bench();
const { store, runner, supervisor, errors } = bench;
let source: Source;
let target: ReadPrompt;
const WIDTH = 128;

beforeAll(async () => {
  source = await bench.source();
  target = await bench.read(TARGET);
});
afterAll(() => {
  supervisor.dispose();
});

async function swept(choice: Partial<ConditionChoice>, words: readonly string[] = []): Promise<SweepRun> {
  await runner.sweep([put(bench, target, words, source, setupOf(choice))]);
  expect(errors).toEqual([]);
  return bench.shown.sweep!;
}

function lineOf(sweep: SweepRun, isStale = false): string {
  return sweepText(sweep, { isStale, maxLength: 400 })
    .map((part) => part.text)
    .join("");
}

/** What a change of the shown intervention says of its result. */
function staleAfter(change: Partial<Intervention>): StaleReason | null {
  const { shown } = bench;
  return staleSweep({ ...shown, ...change }, shown.sweep!, () => null, reading);
}

function withChoice(part: Partial<ConditionChoice>, setup: Setup = bench.shown.setup): Partial<Intervention> {
  return { setup: { ...setup, choice: { ...setup.choice, ...part } } };
}

describe("the condition of an intervention", () => {
  const last = (): number => target.tokenization.ids.length - 1;

  it("is at all tokens but the last without a selection, and at the chosen ones with it", () => {
    const all = put(bench, target, [], null, setupOf({ kind: "zero" }));
    expect(conditionNow(all)).toEqual({
      kind: "zero",
      positions: Array.from({ length: last() }, (_, position) => position),
      strength: 1,
    });
    const chosen = put(bench, target, ["France"], null, setupOf({ kind: "zero", where: "chosen" }));
    expect(conditionNow(chosen)).toMatchObject({ positions: [21] });
  });

  it("leaves a beginning-of-sequence token out when told, whoever put it there", async () => {
    const withBos = new Bench(path.join(root, "test/fixtures/llama__past"));
    const added = await withBos.read("a b c", { bos: "on" });
    const written = await withBos.read("<s>a b c", { bos: "off" });
    const none = await withBos.read("a b c", { bos: "off" });
    withBos.supervisor.dispose();
    expect([added, written, none].map((read) => read.startsWithBos)).toEqual([true, true, false]);
    const positions = (read: ReadPrompt, excludeBos: boolean): readonly number[] => {
      const condition = conditionNow(put(bench, read, [], null, setupOf({ kind: "freeze", excludeBos })));
      return condition.kind === "freeze" ? condition.positions : [];
    };
    expect(positions(added, false)[0]).toBe(0);
    expect(positions(added, true)[0]).toBe(1);
    expect(positions(written, true)[0]).toBe(1);
    expect(positions(none, true)[0]).toBe(0);
  });

  it("is refused with a sentence while something is to be chosen, and the older result stays", async () => {
    await swept({ kind: "zero" });
    const { sweep } = bench.shown;
    store.choose({ choice: { ...bench.shown.setup.choice, where: "chosen" } });
    expect(sentenceOf(bench.shown, 12)).toEqual([]);
    await runner.sweep([bench.shown]);
    expect(errors.splice(0)).toMatchObject([{ code: "bad-span" }]);
    expect(bench.shown.sweep).toBe(sweep);
  });

  it("is told in words, for every kind", () => {
    for (const kind of CONDITION_KINDS) {
      const vectors = { label: "own.json", entries: [{ k: 0, positions: [21], vectors: [[0]] }] };
      const words = kind === "swap" ? ["France"] : [];
      const said = sentenceOf(put(bench, target, words, source, setupOf({ kind }, { vectors })), 12);
      const sentence = textOf(said);
      expect(sentence, kind).toMatch(/ layer k/);
      expect(sentence.includes("Italy"), kind).toBe(kind === "swap");
    }
  });
});

describe("a sweep of every condition", () => {
  it.each(["random", "shuffle", "freeze", "skip-attention", "zero", "mean", "angle", "identity"] as const)(
    "%s runs on all tokens but the last, from its smallest k to the last block",
    async (kind) => {
      const sweep = await swept({ kind });
      const from = kind === "freeze" ? 1 : 0;
      expect(sweep).toMatchObject({ state: "complete", layers: { from, to: 11 }, failure: null });
      expect(sweep.rows.map((row) => row.k)).toEqual(Array.from({ length: 12 - from }, (_, i) => from + i));
      expect(sweep.inputs.source).toBeNull();
      expect(sweep.lens).toHaveLength(13);
      expect(lineOf(sweep).endsWith(`  ← ${conditionName(sweep.inputs.condition, 12)}`)).toBe(true);
      if (kind === "identity") expect(lineOf(sweep)).toMatch(/^never changes: .*the same states are put in /);
    },
  );

  it("vectors runs the rows of its file", async () => {
    const entries = [2, 5].map((k) => ({ k, positions: [21], vectors: [Array<number>(WIDTH).fill(0)] }));
    const setup = setupOf({ kind: "vectors" }, { vectors: { label: "own.json", entries } });
    await runner.sweep([put(bench, target, [], null, setup)]);
    expect(errors).toEqual([]);
    expect(bench.shown.sweep!.rows.map((row) => row.k)).toEqual([2, 5]);
    expect(bench.panel().condition).toMatchObject({ vectorsLabel: "own.json" });
    const again = { ...setup, vectors: { label: "own.json", entries: structuredClone(entries) } };
    expect(staleAfter({ setup: again })).toBe("vectors-changed");
  });

  it("of a swap takes strength and the source's layer", async () => {
    const none = await swept({ strength: 0 }, ["France"]);
    expect(none.rows.every((row) => row.outcome === "target")).toBe(true);
    expect(lineOf(none)).toMatch(/← ◆Italy, strength 0$/);
    const locked = await swept({}, ["France"]);
    const fixed = await swept({ sourceLayer: 3 }, ["France"]);
    const rank = (sweep: SweepRun, k: number): number => sweep.rows[k]!.targetLogprob;
    expect(rank(fixed, 3)).toBeCloseTo(rank(locked, 3), 4);
    expect(rank(fixed, 0)).not.toBeCloseTo(rank(locked, 0), 2);
    expect(lineOf(fixed)).toMatch(/← ◆Italy, source state before layer 3$/);
  });
});

describe("several seeds", () => {
  let sweep: SweepRun;

  beforeAll(async () => {
    sweep = await swept({ kind: "random", seeds: 5, seed: 2 });
  });

  it("give a row each, in order, and one outcome for each k", () => {
    expect(sweep.rows.map(({ k, seed }) => [k, seed])).toEqual(
      Array.from({ length: 60 }, (_, i) => [Math.floor(i / 5), 2 + (i % 5)]),
    );
    const rows = sweep.rows.map(({ k, outcome, top }) => ({ k, outcome, answer: top[0]!.text }));
    expect(sweep.flip).toEqual(flipOf(rows, 12));
    const line = lineOf(sweep);
    expect(line).toMatch(/← Random, seeds 2–6$/);
    const perK = rowPerK(rows);
    expect(perK).toHaveLength(12);
    for (const { k, outcome, answer } of perK) {
      expect(stepText(sweep, k)).toMatchObject({ side: outcome, strong: true });
      const same = rows.filter((row) => row.k === k && row.outcome === outcome && row.answer === answer);
      expect(stepText(sweep, k)!.text).toBe(
        `k ${k} ${OUTCOME_MARK[outcome]}${quotedAnswer(answer)} (${same.length} of 5 seeds)`,
      );
    }
  });

  it("say how far they are in rows", () => {
    const rows = sweep.rows.slice(0, 7);
    const running = { ...sweep, state: "running" as const, rows, done: 7, flip: null };
    expect(lineOf(running)).toMatch(/^… 7\/60 /);
  });

  it("share a line of the hover's table, which has no column for a source", () => {
    const hover = interventionHover(bench.shown, null, 11);
    const lines = hover.split("\n").filter((line) => line.startsWith("|"));
    expect(lines[0]).toMatch(/^\| k \| answer \| <span [^>]*>p★<\/span> \|$/);
    expect(lines.length).toBeLessThanOrEqual(8);
    for (const line of lines) expect(line.match(/(?<!\\)\|/g)).toHaveLength(4);
  });

  it("fill the panel", () => {
    const { sweep: shown, condition, target: prompt, sentence, k } = bench.panel();
    expect(shown).toMatchObject({
      kind: "random",
      seeds: [2, 3, 4, 5, 6],
      scoring: "next-token",
      standing: { kind: "fresh" },
    });
    expect(shown!.facts).toEqual({
      numeric: supervisor.model.info!.numeric,
      convention: "k = 0-based layer whose input is replaced",
      bos: "BOS: none",
    });
    expect(shown!.lens).toHaveLength(13);
    expect(condition).toMatchObject({
      choice: { kind: "random", seeds: 5 },
      hasBos: false,
      skipsAttention: supervisor.model.info!.skipsAttention,
    });
    expect(prompt!.positions).toHaveLength(target.tokenization.ids.length - 1);
    expect(textOf(sentence)).toBe(
      "noise of the same length at all tokens but the last, before layer k, seeds 2–6",
    );
    expect(k).toBe(shown!.flip?.k ?? 0);
    expect(structuredClone(bench.panel())).toEqual(bench.panel());
  });

  it("are out of date as soon as something that counts differs, and only then", () => {
    expect(staleAfter({})).toBeNull();
    expect(staleAfter(withChoice({ seeds: 4 }))).toBe("condition-changed");
    expect(staleAfter(withChoice({ seed: 0 }))).toBe("condition-changed");
    expect(staleAfter(withChoice({ strength: 0.5 }))).toBe("condition-changed");
    expect(staleAfter(withChoice({ kind: "zero" }))).toBe("condition-changed");
    expect(staleAfter({ ...withChoice({ where: "chosen" }), targets: [spanIn(target, "France")] })).toBe(
      "tokens-changed",
    );
    // These belong to other conditions.
    expect(staleAfter(withChoice({ sourceLayer: 3, excludeBos: true }))).toBeNull();
    expect(staleAfter({ source: null })).toBeNull();
    const { answers } = INITIAL_SETUP;
    const asked = (part: Partial<typeof answers>): StaleReason | null =>
      staleAfter({ setup: { ...bench.shown.setup, answers: { ...answers, ...part } } });
    expect(asked({ target: "Rome" })).toBe("answers-changed");
    expect(asked({ scoring: "likelihood" })).toBe("answers-changed");
    expect(asked({ tokens: 3 })).toBeNull();
  });

  it("that were cancelled are incomplete, not out of date", () => {
    const cancelled = { ...bench.shown.sweep!, state: "partial" as const };
    const failure = { code: "cancelled" as const, message: "The run was cancelled.", hint: "" };
    store.update(bench.shown.id, () => ({ sweep: { ...cancelled, failure } }));
    expect(textOf(standingText(bench.panel().sweep!.standing))).toBe("Incomplete. The run was cancelled.");
    store.update(bench.shown.id, () => ({
      sweep: { ...cancelled, failure: { ...failure, code: "engine-crashed" } },
    }));
    expect(textOf(standingText(bench.panel().sweep!.standing))).toBe("Incomplete. The run was lost.");
  });
});

describe("a swap's source", () => {
  it("makes the result out of date when its token or its prompt is another one", async () => {
    await swept({}, ["France"]);
    const other = await bench.read("The country Spain");
    expect(staleAfter({ source: { ...source, read: other } })).toBe("source-changed");
    expect(staleAfter({ pairs: [{ target: 21, source: [1] }] })).toBe("tokens-changed");
    expect(staleAfter({ pairs: [] })).toBe("tokens-changed");
  });
});

describe("marks", () => {
  const uri = "file:///a.txt";

  async function marksOf(choice: Partial<ConditionChoice>, words: readonly string[]) {
    const prompts = new PromptRegister();
    const document = { uri, text: TARGET, languageId: "plaintext", fileName: "a.txt" };
    const place = {
      kind: "paragraph" as const,
      form: null,
      holes: "any" as const,
      start: 0,
      end: TARGET.length,
    };
    const located = { ...place, prompt: verbatim(TARGET) };
    const known = prompts.keep(document, located);
    await runner.sweep([put(bench, { ...target, promptId: known.id }, words, source, setupOf(choice))]);
    const options = { inlineStyle: "full" as const, maxLength: 200, reading };
    return documentMarks(uri, store.state, (id) => prompts.get(id), options);
  }

  it("box chosen tokens, and lay a wash over those that follow from a rule", async () => {
    const at = TARGET.lastIndexOf("France");
    const chosen = await marksOf({ kind: "zero", where: "chosen" }, ["France"]);
    expect(chosen.target).toEqual([{ start: at, end: at + 6 }]);
    expect(chosen.washed).toEqual([]);
    const all = await marksOf({ kind: "zero" }, []);
    expect(all.target).toEqual([]);
    // All but the last token, the colon.
    expect(all.washed).toEqual([{ start: 0, end: TARGET.length - 1 }]);
    expect(all.bars).toHaveLength(1);
    expect(all.lineTexts.map(({ parts }) => parts.at(-1)!.text)).toEqual(["  ← Zero"]);
  });
});

describe("a copied state", () => {
  it("has its box at the token, its words behind the last line of the prompt and not between its lines", async () => {
    const text = "The country Italy\nlies in Europe.";
    const uri = "file:///b.txt";
    const prompts = new PromptRegister();
    const known = prompts.keep(
      { uri, text, languageId: "plaintext", fileName: "b.txt" },
      { kind: "paragraph", form: null, holes: "any", start: 0, end: text.length, prompt: verbatim(text) },
    );
    const read = { ...(await bench.read(text)), promptId: known.id };
    store.clear();
    store.copy({ read, span: spanIn(read, "Italy"), word: null });
    const options = { inlineStyle: "full" as const, maxLength: 200, reading };
    const { source: boxes, lineTexts } = documentMarks(uri, store.state, (id) => prompts.get(id), options);
    expect(boxes).toEqual([{ start: 12, end: 17 }]);
    expect(lineTexts.map(({ offset }) => offset)).toEqual([text.length]);
  });
});

describe("facts", () => {
  it("say where BOS comes from and what is done to it", () => {
    expect(bosText(true, true, true)).toBe("BOS: added by the tokenizer, replaced too");
    expect(bosText(true, false, false)).toBe("BOS: part of the prompt, not replaced");
    expect(bosText(true, true, null)).toBe("BOS: added by the tokenizer");
    expect(bosText(false, false, false)).toBe("BOS: none");
  });
});
