/** Names of runs in two pieces: what tells one from those that begin alike, and the words that they share. */
import { describe, expect, it } from "vitest";
import { namePieces } from "../../../../src/shared/words/run-name.ts";

describe("a run's name in pieces", () => {
  it("parts the words that another name begins with from its own", () => {
    expect(namePieces(["Random seed 7", "Random seed 8", "Random ×5", "Swap"])).toEqual([
      { alike: "Random seed", own: "7" },
      { alike: "Random seed", own: "8" },
      { alike: "Random", own: "×5" },
      { alike: "", own: "Swap" },
    ]);
  });

  it("is whole where another name is the same, or goes on from it", () => {
    expect(namePieces(["Swap", "Swap", "Swap k 0–3"])).toEqual([
      { alike: "", own: "Swap" },
      { alike: "", own: "Swap" },
      { alike: "Swap", own: "k 0–3" },
    ]);
  });

  it("joined by a blank, is the name", () => {
    const names = ["◆ A large wooden table", "◆ A large wooden chair", "◆ A", "Freeze"];
    expect(namePieces(names).map(({ alike, own }) => `${alike} ${own}`.trim())).toEqual(names);
  });
});
