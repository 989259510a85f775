/** Offsets are carried over edits. */
import { describe, expect, it } from "vitest";
import { carriedOver } from "../../../../src/extension/prompt/edits.ts";

describe("offsets of an edited text", () => {
  it("are kept before and after the edit, and lost inside it", () => {
    const carried = carriedOver("one two three", "one 2 three");
    expect([0, 4, 5, 7, 13].map(carried)).toEqual([0, 4, null, 5, 11]);
  });
});
