/** Hints that depend on the face: the command line names options, the editor commands and settings. */
import { describe, expect, test } from "vitest";
import { OPTION_HINTS, toldHere } from "../../../src/cli/hints.ts";
import { SwapError } from "../../../src/shared/errors.ts";
import { HINT_CODES } from "../../../src/shared/hints.ts";

describe.each(HINT_CODES)("%s", (code) => {
  const error = new SwapError("usage", "No.", { code });

  test("names no option in the editor", () => {
    expect(error.hint).not.toBe("");
    expect(error.hint).not.toContain("--");
  });

  test("names an option on the command line, whose JSON has the three fields of old", () => {
    expect(toldHere(error.toData(), "sweep")).toEqual({
      code: "usage",
      message: "No.",
      hint: OPTION_HINTS[code],
    });
    expect(OPTION_HINTS[code]).toMatch(/--[a-z]/);
  });
});
