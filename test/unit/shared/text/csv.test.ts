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
