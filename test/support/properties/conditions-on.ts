/** One condition of each kind, as tests run them on prompts of any length. */
import type { Condition } from "../../../src/shared/condition/condition.ts";

/**
 * One of each kind, with what makes passes differ: positions, seeds, layers. All put whole states in: the oracle mixes in
 * double precision, which rounds otherwise.
 */
export function conditionsOn(length: number, sourceLength: number, position: number): Condition[] {
  const allButLast = Array.from({ length: length - 1 }, (_, i) => i);
  const last = sourceLength - 1;
  const pairs = [{ target: position, source: [last] }];
  const two = [...new Set([Math.max(0, position - 1), position])];
  return [
    { kind: "swap", align: null, pairs, sourceLayer: null, strength: 1 },
    {
      kind: "swap",
      align: null,
      sourceLayer: 1,
      strength: 1,
      pairs: two.map((target) => ({ target, source: [last] })),
    },
    { kind: "random", positions: allButLast, seeds: [3, 4], strength: 1 },
    { kind: "angle", positions: allButLast, angle: 60, seeds: [2], strength: 1 },
    { kind: "shuffle", positions: two, seeds: [1], strength: 1 },
    { kind: "freeze", positions: allButLast },
    { kind: "freeze", positions: [position] },
    { kind: "zero", positions: [position], strength: 1 },
    { kind: "mean", positions: allButLast, over: allButLast, strength: 1 },
    { kind: "identity", positions: allButLast },
    { kind: "skip-attention" },
  ];
}
