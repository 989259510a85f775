/** Whether a result still stands: codes, and the words for them. */
import { describe, expect, it } from "vitest";
import { FRESH, standingOf } from "../../../../src/shared/experiment/standing.ts";
import { part, textOf } from "../../../../src/shared/words/parts.ts";
import { standingText } from "../../../../src/shared/words/standing.ts";

describe("a standing", () => {
  it("says nothing while a result is fresh", () => {
    expect(standingOf(null)).toEqual(FRESH);
    expect(standingText(FRESH)).toEqual([]);
  });

  it("is a code that words are made from: why a result is old", () => {
    const standing = standingOf("source-edited");
    expect(standing).toEqual({ kind: "stale", reason: "source-edited" });
    expect(standingText(standing)).toEqual([
      part("Out of date.", null, true),
      part(" The source prompt was edited."),
    ]);
  });

  it("says how much there is of a result that is not whole", () => {
    const cancelled = { kind: "partial", reason: "cancelled" } as const;
    expect(textOf(standingText(cancelled))).toBe("Incomplete. The run was cancelled.");
    const kept = { kind: "partial", reason: "tokens-kept", done: 5, total: 26 } as const;
    expect(textOf(standingText(kept))).toBe("Incomplete. 5 of 26 tokens were kept.");
  });
});
