/** Texts as words of a shell. */
import { expect, test } from "vitest";
import { shellWord } from "../../../../src/shared/text/shell.ts";

test("texts become words of a shell that give the same text back", () => {
  expect(shellWord("France")).toBe("France");
  expect(shellWord("it's so")).toBe(String.raw`'it'\''s so'`);
  expect(shellWord("a \n'b\\")).toBe(String.raw`$'a \n\'b\\'`);
});
