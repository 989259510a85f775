/** Widths of text in a terminal, and text cut to them. */
import { describe, expect, test } from "vitest";
import {
  cutMiddle,
  cutToWidth,
  displayWidth,
  fitLeft,
  shownText,
} from "../../../../src/shared/text/text-width.ts";

describe("widths", () => {
  test.each([
    ["Rome", 4],
    ["日本", 4],
    ["한", 2],
    ["é", 1],
    ["e\u0301", 1],
    ["👩‍👩‍👧", 2],
    ["❤️", 2],
    // A flag's letters are narrow alone; a thermometer is an emoji only with the mark behind it.
    ["🇫🇷", 2],
    ["🌡", 1],
    ["🌡️", 2],
    // Tangut, a hexagram, a fullwidth letter, a halfwidth one, a jamo that is not composed.
    ["\u{17000}", 2],
    ["䷀", 2],
    ["Ａ", 2],
    ["ｱ", 1],
    ["\u1112\u1161\u11AB", 2],
    ["", 0],
  ])("%j takes %i columns", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test("cut and filled text has the wanted width exactly", () => {
    for (const text of ["", "Rome", "日本語の文章です", "👍👍👍👍👍👍", "a long answer that does not fit"]) {
      expect(displayWidth(fitLeft(text, 9))).toBe(9);
      expect(displayWidth(cutToWidth(text, 9))).toBeLessThanOrEqual(9);
    }
    expect(cutToWidth("Rome", 4)).toBe("Rome");
    expect(displayWidth(cutMiddle("x".repeat(200), 40))).toBeLessThanOrEqual(40);
  });

  test("a token cannot move the cursor or turn the line around", () => {
    expect(shownText(" a\n\u001B[31m\u202E\u0007")).toBe("␣a⏎\\u{1B}[31m\\u{202E}\\u{7}");
  });
});
