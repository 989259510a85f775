/** A session is shown by the panel's own code, with nothing but its file. */
import { standingText } from "../../../../src/shared/words/standing.ts";
import fc from "fast-check";
import { part, textOf } from "../../../../src/shared/words/parts.ts";
import { describe, expect, it } from "vitest";
import { asDemo, sessionPanel, sessionVerdict } from "../../../../src/shared/session/session-panel.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import type { Session } from "../../../../src/shared/session/session.ts";
import {
  controlExperiment,
  gridExperiment,
  isPartial,
  sweepExperiment,
} from "../../../../src/shared/session/session.ts";
import { REQUEST_SCHEMAS } from "../../../../src/shared/protocol/engine.ts";
import * as v from "valibot";
import { anySession } from "../../../support/session/any-session.ts";
import { goldenFiles, goldenText } from "../../../support/session/session-files.ts";

const golden = (name: string): Session => parseSession(goldenText(name));

describe("the panel of a session", () => {
  it("shows the demo as it was run", () => {
    const panel = sessionPanel(golden("swap-and-grid"));
    expect(panel).toMatchObject({
      model: { name: "countries-2m", blocks: 12, status: "closed", tag: { label: "demonstration model" } },
      sentence: [
        part("state of "),
        part("'␣Italy' @2", "source"),
        part(" → "),
        part("'␣France' @21", "target"),
        part(", before layer k"),
      ],
      source: { label: "capitals.txt:1", positions: [2] },
      target: { label: "capitals.txt:3", positions: [21] },
      condition: { hasBos: false, choice: { kind: "swap" } },
      layers: { from: 0, to: 11 },
      k: 6,
      cell: { position: 23, k: 9 },
      stored: false,
      progress: null,
      error: null,
      sweep: {
        kind: "swap",
        state: "complete",
        standing: { kind: "fresh" },
        flip: { k: 8, of: 12 },
        verdict: [
          part("Rome", "source"),
          part(" for k 0–7, "),
          part("Paris", "target"),
          part(" for k 8–11: flips at k = 8 of 12 (67 %)."),
        ],
        facts: { bos: "BOS: none", convention: "k = 0-based layer whose input is replaced" },
      },
      grid: { state: "complete", standing: { kind: "fresh" }, layers: { from: 0, to: 11 } },
    });
    expect(panel.attention!.weights).toHaveLength(12);
    expect(panel.sweep!.controls!.map(({ name }) => name)).toEqual(["identity", "random", "unrelated"]);
    expect(panel.sweep!.controls![2]!.sentence).toContain("Here: “le” of “A large wooden table”.");
    expect(panel.sweep!.continuations!.rows).toHaveLength(2);
    expect(sessionVerdict(golden("swap-and-grid"))).toEqual(panel.sweep!.verdict);
  });

  it("says how much there is of a run that had not ended", () => {
    const session = golden("partial");
    const panel = sessionPanel(session);
    expect(isPartial(session)).toBe(true);
    expect(panel.sweep).toMatchObject({
      state: "partial",
      standing: { kind: "partial", reason: "rows-kept", done: 5, total: 12 },
      verdict: [],
    });
    expect(panel.grid).toMatchObject({
      state: "partial",
      standing: { kind: "partial", reason: "tokens-kept", done: 5, total: 26 },
    });
    expect(textOf(standingText(panel.sweep!.standing))).toBe("Incomplete. 5 of 12 rows were kept.");
    expect(textOf(standingText(panel.grid!.standing))).toBe("Incomplete. 5 of 26 tokens were kept.");
    expect(panel.grid!.columns.filter((column) => column !== null)).toHaveLength(5);
    expect(sessionVerdict(session)).toEqual([
      part("Incomplete.", null, true),
      part(" 5 of 12 rows were kept."),
    ]);
    const nothing = { ...session, sweep: { ...session.sweep!, rows: [] }, grid: null };
    expect(sessionPanel(nothing)).toMatchObject({ sweep: null, grid: null, k: null });
  });

  it("shows a grid without a sweep", () => {
    const panel = sessionPanel(golden("grid-only"));
    expect(panel).toMatchObject({ sweep: null, layers: { from: 3, to: 9 }, k: 3 });
    expect(textOf(panel.sentence)).toBe("state of '␣Italy' @2 → every token, before layer k");
    expect(sessionVerdict(golden("grid-only"))).toEqual([part("Grid of 26 tokens, k 3–9.")]);
  });

  it("says of other conditions what they did", () => {
    expect(sessionPanel(golden("random-seeds"))).toMatchObject({
      sentence: [
        part("noise of the same length at "),
        part("all tokens but the last", "target"),
        part(", before layer k, seeds 7–9, strength 0.5"),
      ],
      source: null,
      sweep: { kind: "random", seeds: [7, 8, 9] },
    });
    expect(textOf(sessionPanel(golden("freeze")).sentence)).toBe(
      "the input of layer k − 1 kept at '␣France' @21, from layer k on",
    );
    expect(textOf(sessionPanel(golden("skip-attention")).sentence)).toBe(
      "no attention at any token, from layer k on",
    );
    expect(sessionPanel(golden("likelihood")).sweep!.scoring).toBe("likelihood");
    expect(sessionPanel(golden("other-text"))).toMatchObject({
      condition: { hasBos: true },
      model: { tag: null },
      sweep: { facts: { bos: "BOS: added by the tokenizer, not replaced" } },
    });
  });

  it("is plain data, of whatever session", () => {
    fc.assert(
      fc.property(anySession, (session) => {
        const panel = sessionPanel(session);
        expect(structuredClone(panel)).toEqual(panel);
        expect(sessionVerdict(session)).not.toBe("");
      }),
      { numRuns: 100 },
    );
  });
});

describe("the stored demo", () => {
  it("is of no file, whatever the user's folder holds", () => {
    const panel = asDemo(sessionPanel(golden("swap-and-grid")));
    expect([panel.source, panel.target].map((prompt) => prompt!.label)).toEqual(["demo", "demo"]);
    expect(panel).toMatchObject({ sweep: { flip: { k: 8 } } });
  });
});

describe("the experiments of a session", () => {
  it.each(goldenFiles)("are what the engine takes: $name", ({ text }) => {
    const session = parseSession(text);
    const sweep = sweepExperiment(session);
    const grid = gridExperiment(session);
    expect(sweep !== null || grid !== null).toBe(true);
    if (sweep) v.parse(REQUEST_SCHEMAS.sweep, sweep);
    if (grid) v.parse(REQUEST_SCHEMAS.grid, grid);
    for (const control of session.sweep?.controls ?? []) {
      const experiment = controlExperiment(session, session.sweep!, control);
      v.parse(REQUEST_SCHEMAS.sweep, experiment);
      expect(experiment.answers.target).toEqual(session.sweep!.answers!.target);
    }
  });
});
