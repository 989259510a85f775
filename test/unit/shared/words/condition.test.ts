/** A condition in words: worded once, as parts that say whose state they name, and drawn by every surface. */
import { describe, expect, it } from "vitest";
import { actionOf, gridAction } from "../../../../src/cli/sentences.ts";
import { headLines } from "../../../../src/cli/table/head-lines.ts";
import { styleFor } from "../../../../src/cli/style.ts";
import { sentenceOf } from "../../../../src/extension/interventions/sentence.ts";
import { interventionHover } from "../../../../src/extension/marks/hover-text.ts";
import { interventionOf, ranModelOf } from "../../../../src/extension/sessions/intervention-of.ts";
import type { Condition } from "../../../../src/shared/condition/condition.ts";
import type { GridExperiment } from "../../../../src/shared/experiment/experiment.ts";
import { OUTCOME_MARK } from "../../../../src/shared/experiment/outcome.ts";
import { sessionCaption } from "../../../../src/shared/export/words.ts";
import { markdownSummary } from "../../../../src/shared/export/summary.ts";
import type { ModelInfo } from "../../../../src/shared/protocol/engine.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import { sessionPanel } from "../../../../src/shared/session/session-panel.ts";
import type { Session } from "../../../../src/shared/session/session.ts";
import { gridExperiment, sweepExperiment } from "../../../../src/shared/session/session.ts";
import { setLanguage } from "../../../../src/shared/text/language.ts";
import {
  conditionName,
  conditionSentence,
  gridSentence,
  seedsText,
} from "../../../../src/shared/words/condition.ts";
import type { Part } from "../../../../src/shared/words/parts.ts";
import { part, textOf } from "../../../../src/shared/words/parts.ts";
import { goldenFiles } from "../../../support/session/session-files.ts";

const target = { tokens: ["<s>", "a", " b", " c", " d"], startsWithBos: true };
const source = { tokens: [" x", " y", " z"], startsWithBos: false };
const swap: Condition = {
  kind: "swap",
  align: null,
  pairs: [{ target: 2, source: [1] }],
  sourceLayer: null,
  strength: 1,
};
const each: Condition = {
  ...swap,
  align: "each",
  pairs: [
    { target: 1, source: [0] },
    { target: 3, source: [2] },
  ],
};
const mean: Condition = { ...swap, align: "mean", pairs: [{ target: 2, source: [0, 1, 2] }] };
const zeroAt = (...positions: number[]): Condition => ({ kind: "zero", positions, strength: 1 });
const parts = (condition: Condition): Part[] => conditionSentence({ condition, target, source, blocks: 12 });
const said = (condition: Condition): string => textOf(parts(condition));

describe("the sentence", () => {
  it("says of each part whose state it names", () => {
    expect(parts(swap)).toEqual([
      part("state of "),
      part("'␣y' @1", "source"),
      part(" → "),
      part("'␣b' @2", "target"),
      part(", before layer k"),
    ]);
    expect(parts(zeroAt(2))).toEqual([
      part("zeros at "),
      part("'␣b' @2", "target"),
      part(", before layer k"),
    ]);
  });

  it("is coloured by what it names, whatever arrows and quotes the tokens hold", () => {
    const tokens = ["'", " → ", " → '@1"];
    const sentence = conditionSentence({
      condition: { ...swap, pairs: [{ target: 1, source: [2] }] },
      target: { tokens, startsWithBos: false },
      source: { tokens, startsWithBos: false },
      blocks: 12,
    });
    expect(sentence.filter(({ side }) => side !== null)).toEqual([
      part("'␣→␣'@1' @2", "source"),
      part("'␣→␣' @1", "target"),
    ]);
  });

  it.each<[string, Condition, string]>([
    ["each", each, "states of '␣x' @0, '␣z' @2 → 'a' @1, '␣c' @3, before layer k"],
    ["mean", mean, "mean state of '␣x␣y␣z' @0..2 → '␣b' @2, before layer k"],
    [
      "source layer and strength",
      { ...swap, sourceLayer: 3, strength: 0.5 },
      "state of '␣y' @1 → '␣b' @2, before layer k, source state before layer 3, strength 0.5",
    ],
    [
      "the last block's output",
      { ...swap, sourceLayer: 12 },
      "state of '␣y' @1 → '␣b' @2, before layer k, source state after the last layer",
    ],
    [
      "seeds",
      { kind: "random", positions: [0, 1, 2, 3], seeds: [3, 4, 8], strength: 1 },
      "noise of the same length at all tokens but the last, before layer k, seeds 3–4, 8",
    ],
    ["BOS left out", zeroAt(1, 2, 3), "zeros at all tokens but BOS and the last, before layer k"],
    ["the last token among them", zeroAt(2, 3, 4), "zeros at '␣b␣c␣d' @2..4, before layer k"],
    ["tokens apart", zeroAt(0, 2, 3), "zeros at '<s>' @0, '␣b␣c' @2..3, before layer k"],
    [
      "what a mean is over",
      { kind: "mean", positions: [2], over: [0, 1, 2, 3], strength: 1 },
      "the mean of the prompt’s states at '␣b' @2, before layer k, over all tokens but the last",
    ],
    ["no positions", { kind: "skip-attention" }, "no attention at any token, from layer k on"],
  ])("names %s", (_, condition, words) => {
    expect(said(condition)).toBe(words);
  });

  it("names a long stretch by its positions alone", () => {
    const tokens = Array.from({ length: 12 }, (_, i) => ` ${i}`);
    const long = conditionSentence({
      condition: zeroAt(2, 3, 4, 5, 6, 7, 8),
      target: { tokens, startsWithBos: false },
      source: null,
      blocks: 12,
    });
    expect(textOf(long)).toBe("zeros at @2..8, before layer k");
  });

  it("names the source prompt where it is asked to, outside the source's colour", () => {
    const labelled = conditionSentence({
      condition: swap,
      target,
      source: { ...source, label: "x.txt:3" },
      blocks: 12,
    });
    expect(labelled.slice(1, 3)).toEqual([part("'␣y' @1", "source"), part(" (x.txt:3) → ")]);
  });

  it("keeps its colours where another language turns the order round", () => {
    try {
      setLanguage({
        tag: "de",
        texts: { "{1} → {0}, before layer k": "{0} ← {1}, vor Schicht k", "state of {0}": "Zustand {0}" },
      });
      expect(parts(swap)).toEqual([
        part("'␣b' @2", "target"),
        part(" ← Zustand "),
        part("'␣y' @1", "source"),
        part(", vor Schicht k"),
      ]);
    } finally {
      setLanguage({ tag: "en", texts: {} });
    }
  });

  it("of a grid names every token", () => {
    const grid = { sourcePositions: [0, 1], sourceLayer: null, strength: 0.5 };
    expect(gridSentence(grid, source, 12)).toEqual([
      part("mean state of "),
      part("'␣x␣y' @0..1", "source"),
      part(" → "),
      part("every token", "target"),
      part(", before layer k, strength 0.5"),
    ]);
  });
});

it("the name says how spans were aligned, and the same settings as the sentence", () => {
  expect(conditionName({ ...mean, strength: 0.5 }, 12)).toBe("Swap, align mean, strength 0.5");
  expect(conditionName(swap, 12)).toBe("Swap");
  expect([seedsText([3]), seedsText([3, 4, 5])]).toEqual(["seed 3", "seeds 3–5"]);
});

describe("every surface says the same", () => {
  const info = (session: Session): ModelInfo =>
    ({ ...session.model, path: session.model.file, bosId: bosOf(session) }) as unknown as ModelInfo;
  const sessions = goldenFiles.map(({ name, text }) => ({ name, session: parseSession(text) }));

  it.each(sessions.filter(({ session }) => session.sweep))("of the sweep in $name", ({ session }) => {
    const { sentence } = sessionPanel(session);
    const intervention = interventionOf(session, {
      newId: () => 1,
      targetId: null,
      sourceId: null,
      reading: () => ({ modelKey: "", tokenizer: null, bos: "auto", useChatTemplate: false }),
      model: ranModelOf(session),
    });
    // The session's condition is what its choice gives now, so that the editor tells the same one.
    expect(sentenceOf(intervention, session.model.blocks)).toEqual(sentence);

    const experiment = sweepExperiment(session)!;
    const action = actionOf(experiment, info(session));
    expect(action.sentence).toEqual(sentence);
    const [line] = headLines(
      {
        info: info(session),
        target: experiment.target,
        source: experiment.source,
        action,
        baseline: session.sweep!.baseline,
        answers: session.sweep!.answers!,
      },
      styleFor({}, {}),
      100,
    ).filter((text) => text.startsWith(action.label));
    expect(line).toBe(action.label.padEnd(10) + textOf(sentence));

    expect(sessionCaption(session).title).toBe(textOf(sentence));
    const hover = interventionHover(intervention, null, null).replaceAll("\\", "");
    for (const { text, side } of sentence) {
      if (side !== null) expect(hover).toContain(`${OUTCOME_MARK[side]} ${text}`);
    }
    const name = conditionName(session.sweep!.condition, session.model.blocks);
    expect(sessionCaption(session).facts.join("\n")).toContain(name);
    expect(markdownSummary(session)).toContain(`| Condition | ${name} |`);
  });

  it("of the grid in grid-only", () => {
    const { session } = sessions.find(({ name }) => name.includes("grid-only"))!;
    const experiment: GridExperiment = gridExperiment(session)!;
    expect(gridAction(experiment, info(session)).sentence).toEqual(sessionPanel(session).sentence);
  });
});

function bosOf({ target: { startsWithBos, tokenization } }: Session): number | null {
  return startsWithBos ? tokenization.ids[0]! : null;
}
