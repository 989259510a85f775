/** CSV quotes what must be quoted. */
import { expect, test } from "vitest";
import { csvText, fromInertCell } from "../../../../src/shared/text/csv.ts";

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

test("a text that a spreadsheet would run is written inert, and is itself when it is read again", () => {
  const formulas = [
    '=HYPERLINK("http://x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "--",
    "==",
  ];
  const others = ["=", "-", "+", "@", "-3.5", "+1", " =1", "a=b", "'=1x"];
  for (const text of [...formulas, ...others]) {
    const cell = csvText(["text"], [[text]]).slice("text\n".length, -1);
    const plain = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
    expect(plain).toBe(formulas.includes(text) ? `'${text}` : text);
    if (text !== "'=1x") expect(fromInertCell(plain)).toBe(text);
  }
  expect(csvText(["n"], [[-1.5]])).toBe("n\n-1.5\n");
});
