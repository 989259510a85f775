/** Reading logits: what the numbers of a row must be, by definition. */
import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { naiveEntropy } from "../../../support/properties/naive-oracle.ts";
import { distributionOf, logSumExp, rankOf, topIds, topTokens } from "../../../../src/engine/pass/readout.ts";

const logits = fc.float32Array({ minLength: 1, maxLength: 60, noNaN: true, min: -50, max: 50 });

describe("logits", () => {
  it("give log-probabilities that sum to one, however large they are", () => {
    fc.assert(
      fc.property(logits, fc.constantFrom(0, 1000, -1000), (values, shift) => {
        const shifted = values.map((value) => value + shift);
        const total = logSumExp(shifted);
        const sum = Array.from(shifted).reduce((acc, value) => acc + Math.exp(value - total), 0);
        expect(sum).toBeCloseTo(1, 4);
      }),
    );
  });

  it("give the entropy of its definition, however large they are", () => {
    fc.assert(
      fc.property(logits, fc.constantFrom(0, 1000, -1000), (values, shift) => {
        const shifted = values.map((value) => value + shift);
        const { entropy, total } = distributionOf(shifted);
        expect(entropy).toBeCloseTo(naiveEntropy(shifted), 10);
        expect(total).toBe(logSumExp(shifted));
      }),
    );
  });

  it("have no entropy where one token is certain, and log(n) where n are alike", () => {
    expect(distributionOf(Float32Array.of(5, -Infinity, -Infinity)).entropy).toBe(0);
    expect(distributionOf(Float32Array.of(900, -900)).entropy).toBe(0);
    expect(distributionOf(new Float32Array(50_000).fill(-3)).entropy).toBeCloseTo(Math.log(50_000), 10);
    expect(distributionOf(Float32Array.of(1, NaN)).entropy).toBeNaN();
  });

  it("rank as sorting does, equal ones sharing the better rank", () => {
    fc.assert(
      fc.property(logits, (values) => {
        const sorted = [...values].sort((a, b) => b - a);
        values.forEach((value, id) => {
          expect(rankOf(values, id)).toBe(sorted.indexOf(value) + 1);
        });
      }),
    );
  });

  it("list the largest first, equal ones by id", () => {
    fc.assert(
      fc.property(logits, fc.integer({ min: 1, max: 10 }), (values, count) => {
        const ids = Array.from(values.keys());
        ids.sort((a, b) => values[b]! - values[a]! || a - b);
        expect(topIds(values, count)).toEqual(ids.slice(0, count));
      }),
    );
  });

  it("come with texts and natural logarithms", () => {
    const [first] = topTokens(Float32Array.of(0, Math.log(3)), 1, (id) => `t${id}`);
    expect(first).toMatchObject({ id: 1, text: "t1" });
    expect(first!.logprob).toBeCloseTo(Math.log(0.75), 6);
  });
});
