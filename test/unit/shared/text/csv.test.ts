/** CSV quotes what must be quoted. */
import { expect, test } from "vitest";
import { csvText } from "../../../../src/shared/text/csv.ts";

test("CSV quotes commas, quotes, line breaks and outer blanks, and nothing else", () => {
  expect(
    csvText(
      ["a", "b"],
      [
        [1, "x"],
        [null, " Rome"],
        ['say "a, b"', "two\nlines"],
      ],
    ),
  ).toBe('a,b\n1,x\n," Rome"\n"say ""a, b""","two\nlines"\n');
});

test.each([
  '=HYPERLINK("x")',
  "=cmd|' /C calc'!A0",
  "+1+A1*(2)",
  "-2+3+cmd|' /C calc'!A0",
  "@SUM(1)",
  "\t=SUM(1)",
])("what a spreadsheet would compute is text there: %s", (formula) => {
  expect(csvText(["a"], [[formula]]).slice(2)).toMatch(/^"?'[=+@\t-]/);
});

test.each(["=", "==", "-1", "+ b", "@user", "-", "-0.5", "a=SUM(1)", "(="])(
  "a token that is no formula stays what it is: %s",
  (token) => {
    expect(csvText(["a"], [[token]])).toBe(`a\n${token}\n`);
    expect(csvText(["a"], [[-1.5]])).toBe("a\n-1.5\n");
  },
);
