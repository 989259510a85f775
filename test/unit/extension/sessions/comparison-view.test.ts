/** What a comparison says first: whether the prompt is the same, where each flips, which k differ. */
import { describe, expect, it } from "vitest";
import type { Uri } from "vscode";
import { comparisonView } from "../../../../src/extension/sessions/comparison-view.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import type { Session } from "../../../../src/shared/session/session.ts";
import { goldenText } from "../../../support/session/session-files.ts";

const golden = (name: string): Session => parseSession(goldenText(name));

function compared(a: Session, b: Session): ReturnType<typeof comparisonView> {
  const read = (session: Session, path: string): Parameters<typeof comparisonView>[0] => ({
    uri: { path, toString: () => `file://${path}` } as unknown as Uri,
    reading: { session, damage: null },
  });
  return comparisonView(read(a, "/a.swap.json"), read(b, "/b.swap.json"));
}

describe("two sessions compared", () => {
  it("name what each side did, where each flips, and the k that differ", () => {
    const whole = golden("swap-and-grid");
    const moved: Session = {
      ...whole,
      sweep: {
        ...whole.sweep!,
        condition: { kind: "random", positions: [3], seeds: [7], strength: 1 },
        rows: whole.sweep!.rows.map((row) => (row.k === 0 ? { ...row, outcome: "neither" as const } : row)),
      },
    };
    const { names, finding, notes } = compared(whole, moved);
    expect(names).toEqual(["A (Swap)", "B (Random)"]);
    expect(finding).toMatch(
      /^The same prompt\. Both flip at k \d+\. The same outcome at 11 of 12 layers, another at k 0\.$/,
    );
    expect(notes.join(" ")).toContain("condition of the sweep");
  });

  it("of one condition are A and B", () => {
    expect(compared(golden("swap-and-grid"), golden("swap-and-grid")).names).toEqual(["A", "B"]);
  });

  it("of two prompts say so first, and why there is no map", () => {
    const { finding, map, notes } = compared(golden("swap-and-grid"), golden("gguf"));
    expect(finding).toMatch(/^Two prompts\. /);
    expect(map).toBeNull();
    expect(notes).toHaveLength(1);
  });
});
