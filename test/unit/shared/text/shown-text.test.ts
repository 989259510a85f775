/** How tokens are shown where every character counts. */
import { expect, it } from "vitest";
import { visibleText } from "../../../../src/shared/text/shown-text.ts";

it("shows blanks, line breaks and tabs", () => {
  expect(visibleText(" a\tb\r\nc\n")).toBe("␣a⇥b⏎c⏎");
});

it("shows every other blank too, a no-break space as one", () => {
  expect(visibleText("10\u00A0km\u2003\u200B\u3000\f")).toBe("10⍽km\\u{2003}\\u{200B}\\u{3000}\\u{C}");
});

it("shows marks of direction as code points, so that they turn nothing", () => {
  expect(visibleText("a\u202Eb\u2066")).toBe("a\\u{202E}b\\u{2066}");
  expect(visibleText("عربي עברית")).toBe("عربي␣עברית");
});
