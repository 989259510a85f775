/** Largest differences: a NaN comes out wherever it stands, whatever follows it. */
import { describe, expect, test } from "vitest";
import { maxAbsDifference, maxRelativeDifference } from "../../../src/engine/difference.ts";

const PLAIN = [1, -8, 3, 4];

/** `PLAIN` with a NaN in one place. */
function broken(at: number): Float32Array {
  const values = Float32Array.from(PLAIN);
  values[at] = NaN;
  return values;
}

test("the largest absolute difference, in either direction", () => {
  expect(maxAbsDifference(PLAIN, [1, -8.5, 3, 4])).toBe(0.5);
  expect(maxAbsDifference([1, -8.5, 3, 4], PLAIN)).toBe(0.5);
  expect(maxAbsDifference([], [])).toBe(0);
});

test("relative to the largest expected value; equal zeros do not differ", () => {
  expect(maxRelativeDifference([1, -7, 3, 4], PLAIN)).toBe(1 / 8);
  expect(maxRelativeDifference([0, 0], [0, 0])).toBe(0);
  expect(maxRelativeDifference([0, 1], [0, 0])).toBe(Infinity);
});

describe.each([
  ["absolute", maxAbsDifference],
  ["relative", maxRelativeDifference],
])("%s", (_name, difference) => {
  test.each([
    ["first", 0],
    ["in the middle", 1],
    ["last", 3],
  ])("a NaN that stands %s is found on either side", (_place, at) => {
    expect(difference(broken(at), PLAIN)).toBeNaN();
    expect(difference(PLAIN, broken(at))).toBeNaN();
    expect(difference(broken(at), broken(at))).toBeNaN();
  });

  test("an infinity on one side is infinitely far or no number, on both sides no number", () => {
    expect(difference([Infinity, 1], [0, 1])).toBe(Infinity);
    expect(difference([Infinity, 1], [Infinity, 1])).toBeNaN();
  });

  test("lists of other lengths are never near", () => {
    expect(difference(PLAIN, PLAIN.slice(1))).toBe(Infinity);
  });
});
