/** Notes on a stored session: told from what it holds, once in its panel, and in its JSON as the command line has them. */
import { describe, expect, test } from "vitest";
import type { Note } from "../../../../src/shared/experiment/notes.ts";
import { gridJson, sweepJson } from "../../../../src/shared/export/result-json.ts";
import type { SweepResult } from "../../../../src/shared/experiment/result.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import { serializeSession } from "../../../../src/shared/session/serialize.ts";
import type { Session, SessionPrompt } from "../../../../src/shared/session/session.ts";
import { sessionGridNotes, sessionSweepNotes } from "../../../../src/shared/session/session-notes.ts";
import { sessionPanel } from "../../../../src/shared/session/session-panel.ts";
import { noteParts } from "../../../../src/shared/words/notes.ts";
import { textOf } from "../../../../src/shared/words/parts.ts";
import { DEMO_SESSION } from "../../../support/session/session-of-results.ts";

/** A prompt with the same token twice at its beginning, the first of which was added. */
function withTwoBos(prompt: SessionPrompt): SessionPrompt {
  const { tokenization } = prompt;
  const ids = tokenization.ids.with(1, tokenization.ids[0]!);
  const tokens = tokenization.tokens.map((token, i) => ({ ...token, id: ids[i]! }));
  return { ...prompt, tokenization: { ...tokenization, ids, tokens, bos: { policy: "auto", added: true } } };
}

function endingIn(end: string, prompt: SessionPrompt): SessionPrompt {
  const { tokenization } = prompt;
  const text = tokenization.text + end;
  return { ...prompt, text, tokenization: { ...tokenization, text } };
}

const codes = (notes: readonly Note[]): string[] => notes.map(({ code }) => code);

const LYON = { text: "Lyon", ids: [900, 901], first: " Ly" };
const ROME = { text: "Rome and", ids: [902, 903], first: " Rome" };

/** A session of which there is much to say. */
const NOTED: Session = {
  ...DEMO_SESSION,
  target: endingIn("\n", withTwoBos(DEMO_SESSION.target)),
  source: endingIn(" ", DEMO_SESSION.source!),
  sweep: {
    ...DEMO_SESSION.sweep!,
    request: { target: LYON, source: null, scoring: "next-token", tokens: 1 },
  },
  grid: { ...DEMO_SESSION.grid!, request: { target: LYON, source: ROME } },
};
const OF_PROMPTS = ["two-bos", "ends-in-blank", "ends-in-blank"];
const OF_SWEEP = [...OF_PROMPTS, "first-token-decides", "target-answer-not-baseline"];
const SAID_BY_GRID_ALONE: Note = {
  code: "first-token-decides",
  side: "source",
  answer: "Rome and",
  tokens: 2,
  first: " Rome",
};

describe("notes of a session", () => {
  test("are none where there is nothing to say, in its JSON too", () => {
    expect(sessionSweepNotes(DEMO_SESSION)).toEqual([]);
    expect(sessionGridNotes(DEMO_SESSION)).toEqual([]);
    expect(JSON.parse(sweepJson(DEMO_SESSION)!)).not.toHaveProperty("notes");
    expect(JSON.parse(gridJson(DEMO_SESSION)!)).not.toHaveProperty("notes");
    const bare: Session = { ...NOTED, sweep: null, grid: null };
    expect([...sessionSweepNotes(bare), ...sessionGridNotes(bare)]).toEqual([]);
  });

  test("say once that text was split by a guess, and a file keeps it", () => {
    const guessed = (prompt: SessionPrompt): SessionPrompt => ({
      ...prompt,
      tokenization: { ...prompt.tokenization, guessedSplit: "default" },
    });
    const session: Session = {
      ...DEMO_SESSION,
      target: guessed(DEMO_SESSION.target),
      source: guessed(DEMO_SESSION.source!),
    };
    const notes: readonly Note[] = [{ code: "guessed-split", named: "default" }];
    expect(sessionSweepNotes(session)).toEqual(notes);
    expect(sessionGridNotes(session)).toEqual(notes);
    expect(sessionSweepNotes(parseSession(serializeSession(session)))).toEqual(notes);
    expect(textOf(noteParts(notes[0]!))).toContain("'default'");
  });

  test("are on both prompts, the named answers and what the unpatched run gave", () => {
    expect(codes(sessionSweepNotes(NOTED))).toEqual(OF_SWEEP);
    expect(sessionSweepNotes(NOTED).at(-1)).toEqual({
      code: "target-answer-not-baseline",
      answer: "Lyon",
      baseline: NOTED.sweep!.baseline[0]!.text,
    });
    expect(codes(sessionGridNotes(NOTED))).toEqual([
      ...OF_PROMPTS,
      ...["first-token-decides", "first-token-decides", "target-answer-not-baseline"],
    ]);
  });

  test("are the same when the session was saved and opened", () => {
    const opened = parseSession(serializeSession(NOTED));
    expect(sessionSweepNotes(opened)).toEqual(sessionSweepNotes(NOTED));
    expect(sessionGridNotes(opened)).toContainEqual(SAID_BY_GRID_ALONE);
  });

  test("do not blame a prompt for what its chat template ends in", () => {
    const templated: Session = { ...NOTED, target: { ...NOTED.target, chatTemplate: true } };
    expect(codes(sessionSweepNotes(templated))).toEqual(OF_SWEEP.toSpliced(1, 1));
  });

  test("leave out a source's end that is not read", () => {
    const [pair] = NOTED.chosen.pairs;
    const condition = { ...NOTED.sweep!.condition, pairs: [{ ...pair!, source: [1] }] } as NonNullable<
      Session["sweep"]
    >["condition"];
    const early: Session = { ...NOTED, sweep: { ...NOTED.sweep!, condition } };
    expect(codes(sessionSweepNotes(early))).toEqual(OF_SWEEP.toSpliced(2, 1));
  });

  test("stand once in its panel: the grid says what the sweep does not", () => {
    const { sweep, grid } = sessionPanel(NOTED);
    expect(sweep!.notes).toEqual(sessionSweepNotes(NOTED));
    expect(grid!.notes).toEqual([SAID_BY_GRID_ALONE]);
    expect(codes(sessionPanel({ ...NOTED, sweep: null }).grid!.notes)).toContain("two-bos");
  });

  test("stay in its file, and stand in its JSON by code and sentence", () => {
    const read = parseSession(serializeSession(NOTED));
    expect(codes(sessionSweepNotes(read))).toEqual(OF_SWEEP);
    for (const [json, notes] of [
      [sweepJson(read), sessionSweepNotes(read)],
      [gridJson(read), sessionGridNotes(read)],
    ] as const) {
      const said = notes.map((note) => ({ code: note.code, message: textOf(noteParts(note)) }));
      expect((JSON.parse(json!) as SweepResult).notes).toEqual(said);
    }
  });
});
