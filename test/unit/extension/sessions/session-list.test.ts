/** The list of sessions: what rows say, how they are sorted and filtered. */
import { describe, expect, it } from "vitest";
import type { Uri } from "vscode";
import type { SessionEntry } from "../../../../src/extension/sessions/session-index.ts";
import type { ListView } from "../../../../src/extension/sessions/session-list.ts";
import { listedSessions, sessionRow } from "../../../../src/extension/sessions/session-list.ts";
import type { Session } from "../../../../src/shared/session/session.ts";
import { DEMO_SESSION } from "../../../support/session/session-of-results.ts";

const now = new Date("2026-03-01T12:00:00Z");

function entry(path: string, minutes: number, part: Partial<Session> = {}): SessionEntry {
  const savedAt = new Date(now.getTime() - minutes * 60_000).toISOString();
  const session = { ...DEMO_SESSION, savedAt, ...part };
  return { uri: null as unknown as Uri, path, reading: { session, damage: null } };
}

const sweep = DEMO_SESSION.sweep!;
const damaged: SessionEntry = {
  uri: null as unknown as Uri,
  path: "sessions/bad.swap.json",
  reading: { session: null, damage: { message: "It is damaged.", hint: "" } },
};
const entries = [
  damaged,
  entry("sessions/b2.swap.json", 2),
  entry("sessions/b10.swap.json", 60 * 26, { model: { ...DEMO_SESSION.model, name: "A model" } }),
  entry("sessions/a.swap.json", 5, { sweep: { ...sweep, flip: { k: 1, of: 12 } } }),
  entry("sessions/none.swap.json", 70, {
    sweep: { ...sweep, flip: null, answers: { ...sweep.answers!, source: null } },
  }),
];

const names = (view: Partial<ListView>): string[] =>
  listedSessions(entries, { order: "date", filter: "", ...view }, now).map(({ path }) =>
    path.replace(/^sessions\/|\.swap\.json$/g, ""),
  );

describe("the list of sessions", () => {
  it("says answers and flip first, then model, age and file", () => {
    const { flip, answers } = sweep;
    expect(sessionRow(entries[1]!, now)).toEqual({
      label: `${answers!.source!.text.trim()} → ${answers!.target.text.trim()} at ${flip!.k}/${flip!.of}`,
      description: `${DEMO_SESSION.model.name} · 2 min ago · b2`,
    });
    expect(sessionRow(entries[2]!, now).description).toBe("A model · yesterday · b10");
    expect(sessionRow(entries[4]!, now).label).toMatch(/^Swap: /);
    expect(sessionRow(damaged, now)).toEqual({ label: "bad", description: "It is damaged." });
  });

  it("has the newest first, or is sorted by name, model or flip", () => {
    expect(names({})).toEqual(["b2", "a", "none", "b10", "bad"]);
    expect(names({ order: "name" })).toEqual(["a", "b2", "b10", "bad", "none"]);
    expect(names({ order: "model" })).toEqual(["b10", "a", "b2", "none", "bad"]);
    expect(names({ order: "flip" })).toEqual(["b2", "b10", "a", "none", "bad"]);
  });

  it("keeps the rows that have all words of a filter, in any case", () => {
    expect(names({ filter: "model a" })).toEqual(["b10"]);
    expect(names({ filter: `${sweep.answers!.source!.text.trim().toUpperCase()} b2` })).toEqual(["b2"]);
    expect(names({ filter: "damaged" })).toEqual(["bad"]);
    expect(names({ filter: "nothing of it" })).toEqual([]);
  });
});
