/** Seeded random numbers: the same everywhere, unrelated between keys, of the right distribution. */
import { describe, expect, it } from "vitest";
import { normalStream, permutation, uniformStream } from "../../../src/engine/random.ts";

const STORED = {
  zero: [0.32670677499845624, 0.7642540968954563, 0.06532625085674226],
  other: [0.559498697752133, 0.11929190182127059, 0.6842880733311176],
};

function take(stream: () => number, count: number): number[] {
  return Array.from({ length: count }, stream);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("a stream", () => {
  it("is what it was when sessions were stored with its seeds", () => {
    // These numbers must never change: stored seeds stand for them.
    expect(take(uniformStream(0, 0, 0), 3)).toEqual(STORED.zero);
    expect(take(uniformStream(7, 24, 21), 3)).toEqual(STORED.other);
  });

  it("repeats with its key and is unrelated to that of a neighbouring key", () => {
    expect(take(uniformStream(1, 2, 3), 50)).toEqual(take(uniformStream(1, 2, 3), 50));
    const keys = [
      [1, 2, 3],
      [2, 1, 3],
      [1, 3, 2],
      [1, 2, 4],
      [0, 2, 3],
    ];
    const streams = keys.map((key) => take(uniformStream(...key), 4000));
    for (const [i, a] of streams.entries()) {
      for (const b of streams.slice(i + 1)) {
        const correlation = mean(a.map((value, j) => (value - 0.5) * (b[j]! - 0.5))) * 12;
        // Four standard deviations of 4000 independent pairs.
        expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(4000));
      }
    }
  });

  it("is uniform in [0, 1)", () => {
    const values = take(uniformStream(5), 20_000);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const counts = new Array<number>(10).fill(0);
    for (const value of values) counts[Math.floor(value * 10)]!++;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(chiSquared).toBeLessThan(27.9);
  });
});

it("normal numbers have mean 0, variance 1 and the tails of a normal distribution", () => {
  const values = take(normalStream(uniformStream(11)), 40_000);
  expect(Math.abs(mean(values))).toBeLessThan(0.02);
  expect(mean(values.map((value) => value ** 2))).toBeCloseTo(1, 1);
  const beyond2 = values.filter((value) => Math.abs(value) > 2).length / values.length;
  expect(Math.abs(beyond2 - 0.0455)).toBeLessThan(0.005);
});

it("a permutation has every index once, and every order is about as likely", () => {
  expect(permutation(100, uniformStream(3)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 100 }, (_, i) => i),
  );
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) {
    const order = permutation(3, uniformStream(seed)).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
