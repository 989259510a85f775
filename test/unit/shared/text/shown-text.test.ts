/** How tokens are shown where every character counts. */
import { expect, it } from "vitest";
import { visibleText } from "../../../../src/shared/text/shown-text.ts";

it("shows blanks, line breaks and tabs", () => {
  expect(visibleText(" a\tb\r\nc\n")).toBe("␣a⇥b⏎c⏎");
});

it("shows marks of direction as code points, so that they turn nothing", () => {
  expect(visibleText("a\u202Eb\u2066")).toBe("a\\u{202E}b\\u{2066}");
  expect(visibleText("عربي עברית")).toBe("عربي␣עברית");
});
