/** Vectors files: numbers that float32 does not hold are refused where they stand. */
import { describe, expect, test } from "vitest";
import { parseVectors } from "../../../../src/shared/condition/vectors-file.ts";

const entry = (numbers: string): string => `{"k": 3, "positions": [4, 7], "vectors": [[1, 2], [${numbers}]]}`;

describe("numbers of a vectors file", () => {
  test.each([
    ["1, 1e39", "index 1: float32 cannot hold 1e+39."],
    ["-3.5e38, 1", "index 0: float32 cannot hold -3.5e+38."],
    ["1, 1e400", "index 1: float32 cannot hold Infinity."],
    ["1, NaN", "index 1: float32 cannot hold NaN."],
    ["Infinity, 1", "index 0: float32 cannot hold Infinity."],
    ["1, -Infinity", "index 1: float32 cannot hold -Infinity."],
    ['1, "NaN"', "index 1: float32 cannot hold NaN."],
  ])("%s", (numbers, said) => {
    const refused = `In v.json, entry 1 (k = 3), position 7, ${said}`;
    expect(() => parseVectors(`[${entry("1, 2")}, ${entry(numbers)}]`, "v.json")).toThrow(refused);
  });

  test("the largest float32 is taken, and all that rounds to it", () => {
    expect(parseVectors(entry("3.4028234663852886e38, 3.40282355e38"), "v.json")).toHaveLength(1);
  });

  test("a word in a text is no number, and other faults stay what they are", () => {
    expect(() => parseVectors('{"NaN": "Infinity", "k": }', "v.json")).toThrow("v.json is not valid JSON");
    expect(() => parseVectors(entry('1, "one"'), "v.json")).toThrow("vectors.1.1 must be a number");
  });
});
