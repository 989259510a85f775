/** The extension in a language that nobody speaks: whatever it says of a result has no plain English word left. */
import { standingText } from "../../../src/shared/words/standing.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copiedText, stepText, sweepText } from "../../../src/extension/marks/after-text.ts";
import { interventionHover, sourceHover, tokenHover } from "../../../src/extension/marks/hover-text.ts";
import { rerunView } from "../../../src/extension/sessions/rerun-view.ts";
import { verdictOfSession } from "../../../src/extension/sessions/read-session.ts";
import { statusText } from "../../../src/extension/status-bar.ts";
import type { Source } from "../../../src/extension/interventions/records.ts";
import type { ReadPrompt } from "../../../src/extension/prompt/reading.ts";
import { CONDITION_KINDS, descriptorOf } from "../../../src/shared/condition/condition.ts";
import { SwapError, toErrorData } from "../../../src/shared/errors.ts";
import { setLanguage } from "../../../src/shared/text/language.ts";
import { textOf } from "../../../src/shared/words/parts.ts";
import { shortVerdict, verdict } from "../../../src/shared/words/verdict.ts";
import { compareSessions } from "../../../src/shared/session/compare.ts";
import { parseSession } from "../../../src/shared/session/parse.ts";
import { markdownSummary } from "../../../src/shared/export/summary.ts";
import type { PanelState } from "../../../src/shared/protocol/panel.ts";
import { Bench, TARGET, put, setupOf } from "../../support/extension-support.ts";
import { DEMO_SESSION } from "../../support/session/session-of-results.ts";
import { plainWords, pseudo, pseudoLanguage, wordsOf } from "../../support/pseudo-language.ts";

const bench = new Bench();
const english = { tag: "en", texts: {} };
let source: Source;
let target: ReadPrompt;

/** Words that no language changes: prompts and answers, names of files and models, the product's own name, symbols. */
const symbols = "State Swap q4 fp32 activations id KL SHA sha256 countries";
const unchanged = wordsOf([TARGET, "The country Italy", "Rome Paris Madrid", "a.txt", symbols]);

/** Words of the answers of what is shown: the model's. */
function answers({ sweep }: PanelState): Set<string> {
  const rows = [...(sweep?.rows ?? []), ...(sweep?.controls ?? []).flatMap((control) => control.rows)];
  return wordsOf(rows.flatMap(({ top }) => top.map(({ text }) => text)));
}

function plain(text: string, more: ReadonlySet<string> = new Set()): string[] {
  // Links: what is read is their label and their title; HTML: what is between its tags.
  const read = text.replace(/\(command:[^\s")]*/g, "(").replace(/<[^>]*>/g, "");
  return plainWords(read, new Set([...unchanged, ...more]));
}

function lineOf(part: readonly { readonly text: string }[]): string {
  return part.map(({ text }) => text).join("");
}

/** What a panel shows of the host's words. */
function hostTexts({ sentence, sweep, grid, model, progress, error }: PanelState): string[] {
  return [
    ...[textOf(sentence), textOf(sweep?.verdict ?? []), sweep?.facts.bos, sweep?.facts.convention],
    ...[sweep, grid].flatMap((one) =>
      one && one.standing.kind !== "fresh" ? [textOf(standingText(one.standing))] : [],
    ),
    ...(sweep?.controls ?? []).flatMap((control) => [control.sentence, textOf(control.verdict)]),
    ...[model.tag?.label, model.tag?.description, progress?.label, error?.message, error?.hint],
  ].filter((text) => text !== undefined);
}

beforeAll(async () => {
  source = await bench.source();
  target = await bench.read(TARGET);
  setLanguage(pseudoLanguage());
});
afterAll(() => {
  setLanguage(english);
  bench.supervisor.dispose();
});

describe("in another language", () => {
  it("the line, the step, the copied state and the hovers of a swap are translated", async () => {
    await bench.runner.sweep([put(bench, target, ["France"], source)]);
    const { shown } = bench;
    const sweep = shown.sweep!;
    const rows = sweep.rows.slice(0, 5);
    const texts = [
      lineOf(sweepText(sweep, { isStale: true, maxLength: 400 })),
      lineOf(sweepText({ ...sweep, state: "running", rows, flip: null }, { isStale: false, maxLength: 400 })),
      lineOf(
        sweepText({ ...sweep, state: "running", rows: [], flip: null }, { isStale: false, maxLength: 400 }),
      ),
      lineOf(sweepText({ ...sweep, state: "partial", rows, flip: null }, { isStale: false, maxLength: 400 })),
      lineOf(sweepText({ ...sweep, flip: null, rows }, { isStale: false, maxLength: 400 })),
      stepText(sweep, 3)!.text,
      lineOf(copiedText(source)),
      interventionHover(shown, null, 8),
      interventionHover({ ...shown, sweep: null }, null, null),
      sourceHover(source),
      tokenHover(target.tokenization.tokens[3]!),
      ...hostTexts(bench.panel()),
    ];
    for (const text of texts) {
      expect(text).not.toBe("");
      expect(plain(text), text).toEqual([]);
    }
    expect(interventionHover(shown, null, 8)).toContain(pseudo("Run Again"));
    expect(sweep.flip).toEqual({ k: 8, of: 12 });
  });

  it.each(CONDITION_KINDS.filter((kind) => kind !== "swap" && kind !== "vectors"))(
    "the result of %s, its controls and its hover are translated",
    async (kind) => {
      await bench.runner.sweep([put(bench, target, ["France"], null, setupOf({ kind, seeds: 2 }))]);
      if (kind !== "skip-attention") await bench.runner.controls(bench.shown, false);
      expect(bench.errors).toEqual([]);
      const said = answers(bench.panel());
      for (const text of [
        ...hostTexts(bench.panel()),
        interventionHover(bench.shown, null, 11),
        lineOf(sweepText(bench.shown.sweep!, { maxLength: 400 })),
        ...[descriptorOf(kind).name(), descriptorOf(kind).sentence()],
      ]) {
        expect(plain(text, said), text).toEqual([]);
      }
    },
  );

  it("reasons why a result no longer stands are translated, and a broken-off run is still told from an old one", () => {
    const { shown, store } = { shown: bench.shown, store: bench.store };
    const before = shown.sweep!;
    store.update(shown.id, () => ({
      sweep: { ...before, state: "partial", failure: { code: "cancelled", message: "", hint: "" } },
    }));
    const broken = bench.panel().sweep!.standing;
    expect(broken).toEqual({ kind: "partial", reason: "cancelled" });
    expect(plain(textOf(standingText(broken)))).toEqual([]);
    store.update(shown.id, () => ({ sweep: before, setup: setupOf({ kind: "zero", where: "chosen" }) }));
    const old = bench.panel().sweep!.standing;
    expect(old).toEqual({ kind: "stale", reason: "condition-changed" });
    expect(plain(textOf(standingText(old)))).toEqual([]);
  });

  it("verdicts of every kind are translated", () => {
    const row = (k: number, outcome: "source" | "target" | "neither", answer: string) => ({
      k,
      outcome,
      top: [{ id: 0, text: answer, logit: 0, logprob: 0 }],
      klToBaseline: 1,
    });
    for (const kind of CONDITION_KINDS) {
      for (const rows of [
        [],
        [row(0, "target", "Paris"), row(1, "target", "Paris")],
        [row(0, "source", "Rome"), row(1, "source", "Rome")],
        [row(0, "source", "Rome"), row(1, "target", "Paris")],
        [row(0, "target", "Paris"), row(1, "source", "Rome")],
        [0, 1, 2, 3, 4, 5, 6, 7, 8].map((k) =>
          row(k, k % 3 === 0 ? "target" : "neither", k % 3 === 1 ? "Madrid" : "Rome"),
        ),
      ]) {
        for (const blocks of [rows.length, 20]) {
          for (const givesTarget of [true, false]) {
            const facts = { kind, blocks, givesTarget };
            const said = [textOf(verdict(rows, facts)), shortVerdict(rows, facts)];
            for (const one of said) expect(plain(one), one).toEqual([]);
          }
        }
      }
    }
  });

  it("the status bar and its label are translated, and show the sign of what happens", () => {
    const model = bench.supervisor.model;
    for (const work of [
      null,
      { label: "", done: 0, total: 0, startedAt: 0, expectedMs: null },
      { label: "", done: 3, total: 12, startedAt: 0, expectedMs: null },
    ]) {
      const { text, label } = statusText(model, model.path, work, "Paris");
      expect(plain(text.replace(/\$\([a-z~-]+\)/g, ""))).toEqual([]);
      expect(plain(label)).toEqual([]);
    }
    const failed = statusText({ ...model, state: "failed", info: null }, model.path, null, "Paris");
    expect(failed.text).toMatch(/^\$\(warning\) /);
    expect(plain(failed.text.replace("$(warning)", ""))).toEqual([]);
  });

  it("a session's verdict, its comparison with another run and its summary are translated", () => {
    const rows = DEMO_SESSION.sweep!.rows.map((row, i) =>
      i === 3 ? { ...row, outcome: "neither" as const, targetLogprob: -9 } : row,
    );
    const other = { ...DEMO_SESSION, sweep: { ...DEMO_SESSION.sweep!, rows }, product: "0" };
    const view = rerunView(compareSessions(DEMO_SESSION, other), DEMO_SESSION);
    expect(view.lines.length).toBeGreaterThan(2);
    for (const text of [
      verdictOfSession(DEMO_SESSION),
      view.summary,
      ...view.lines.flatMap(({ place, quantity }) => [place, quantity]),
    ]) {
      expect(plain(text), text).toEqual([]);
    }
    const headings = markdownSummary(DEMO_SESSION).match(/^#{2,} .*$/gm)!;
    expect(headings.length).toBeGreaterThan(3);
    for (const heading of headings) expect(plain(heading)).toEqual([]);
  });

  it("what is wrong with a session's file is translated, whatever it is", () => {
    for (const text of [
      "",
      "{",
      "[1, 2",
      '{"format": 1}',
      '{"format": "state-swap-session", "version": 99}',
    ]) {
      try {
        parseSession(text);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(SwapError);
        const { message, hint } = toErrorData(error);
        for (const said of [message, hint]) expect(plain(said.replace(/"[^"]*"/g, "")), said).toEqual([]);
      }
    }
  });

  it("nothing is translated without a language: engine and command line say the same in English", () => {
    setLanguage(english);
    expect(descriptorOf("swap").name()).toBe("Swap");
    const top = [{ id: 0, text: "Paris", logit: 0, logprob: 0 }];
    const rows = [{ k: 0, outcome: "target", top, klToBaseline: 1 } as const];
    expect(textOf(verdict(rows, { kind: "swap", blocks: 1, givesTarget: true }))).toBe(
      "Paris for k 0: never changes, the swap is ignored.",
    );
    setLanguage(pseudoLanguage());
  });
});
