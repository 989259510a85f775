/** Hints that depend on the face: the command line names options, the editor commands and settings. */
import { describe, expect, test } from "vitest";
import { OPTION_HINTS, toldHere } from "../../../src/cli/hints.ts";
import { SwapError } from "../../../src/shared/errors.ts";
import type { HintCode } from "../../../src/shared/hints.ts";
import { HINT_CODES } from "../../../src/shared/hints.ts";

/** What the command line offers where the way out is no option: how spans are written, the program that runs, the environment. */
const NO_OPTION: Readonly<Partial<Record<HintCode, string>>> = {
  "span-form": "(@21, @-1 for the last token)",
  "index-form": "(@21, @-1 for the last token)",
  "copy-span": "@21",
  "choose-index": "@7",
  "node-path": "that runs state-swap",
  network: "HTTPS_PROXY",
  "proxy-login": "HTTPS_PROXY",
  "trust-authority": "NODE_EXTRA_CA_CERTS",
  "hub-token": "HF_TOKEN",
};

/** How the editor names its controls: commands and settings by their titles, and the hands that are used there. */
const CONTROLS =
  /…\.|State Swap|Swap State|Set [A-Z]|Select|Run [A-Z]|panel|Copy State|drag|click|http\.[a-z]/;

/** How the command line names what it takes. */
const WORDS_TYPED = /--|@-?\d|@last|#\d/;

describe.each(HINT_CODES)("%s", (code) => {
  const error = new SwapError("usage", "No.", { code });

  test("names a control and no option in the editor", () => {
    expect(error.hint).not.toBe("");
    expect(error.hint).toMatch(CONTROLS);
    expect(error.hint).not.toMatch(WORDS_TYPED);
  });

  test("names an option on the command line, whose JSON has the three fields of old", () => {
    expect(toldHere(error.toData())).toEqual({
      code: "usage",
      message: "No.",
      hint: OPTION_HINTS[code],
    });
    const named = NO_OPTION[code];
    if (named === undefined) expect(OPTION_HINTS[code]).toMatch(/--[a-z]/);
    else expect(OPTION_HINTS[code]).toContain(named);
  });

  test("names no control of the editor on the command line", () => {
    expect(OPTION_HINTS[code]).not.toMatch(CONTROLS);
  });

  test("stays each face's own when the sentence says more", () => {
    const said = error.retold("In prompt 2: No.");
    expect(said.toData()).toEqual({ ...error.toData(), message: "In prompt 2: No." });
  });
});
