/** Random conditions, prompts and layer ranges for property tests. */
import fc from "fast-check";
import type { Condition } from "../../../src/shared/condition/condition.ts";
import { smallestK } from "../../../src/shared/condition/condition.ts";
import type { LayerRange } from "../../../src/shared/experiment/experiment.ts";

/** What a property is tried on. */
export interface Trial {
  readonly target: readonly number[];
  readonly source: readonly number[];
  readonly condition: Condition;
  readonly layers: LayerRange;
}

/** Sizes that trials keep to. */
export interface TrialShape {
  readonly vocab: number;
  readonly blocks: number;
  readonly width: number;
  /** Tokens of the longest prompt. */
  readonly longest: number;
}

/** Trials over all conditions, positions, ranges, seeds and strengths. */
export function anyTrial(shape: TrialShape): fc.Arbitrary<Trial> {
  const ids = fc.array(fc.nat(shape.vocab - 1), { minLength: 2, maxLength: shape.longest });
  return fc.record({ target: ids, source: ids }).chain(({ target, source }) =>
    anyCondition(target.length, source.length, shape)
      // A single block has nothing to freeze before it.
      .filter(({ kind }) => smallestK(kind) < shape.blocks)
      .chain((condition) =>
        anyRange(condition, shape.blocks).map((layers) => ({ target, source, condition, layers })),
      ),
  );
}

function anyRange(condition: Condition, blocks: number): fc.Arbitrary<LayerRange> {
  const least = smallestK(condition.kind);
  const k = fc.integer({ min: least, max: blocks - 1 });
  return fc.tuple(k, k).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
}

function anyCondition(length: number, sourceLength: number, shape: TrialShape): fc.Arbitrary<Condition> {
  const any = fc
    .uniqueArray(fc.nat(length - 1), { minLength: 1, maxLength: length })
    .map((list) => list.sort((a, b) => a - b));
  // Stretches, all but the last among them, have paths of their own.
  const stretch = fc
    .tuple(fc.nat(length - 1), fc.nat(length - 1))
    .map(([a, b]) => Array.from({ length: Math.abs(a - b) + 1 }, (_, i) => Math.min(a, b) + i));
  const allButLast = fc.constant(Array.from({ length: length - 1 }, (_, position) => position));
  const positions = fc.oneof(any, stretch, allButLast);
  const strength = fc.oneof(fc.constant(1), fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }));
  const seeds = fc
    .uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 3 })
    .map((list) => list.sort((a, b) => a - b));
  const read = fc.uniqueArray(fc.nat(sourceLength - 1), { minLength: 1, maxLength: 2 });
  const sourceLayer = fc.option(fc.nat(shape.blocks));
  const swap = fc.record({ positions, read, sourceLayer, strength }).map((parts): Condition => ({
    kind: "swap",
    align: null,
    pairs: parts.positions.map((target) => ({ target, source: parts.read })),
    sourceLayer: parts.sourceLayer,
    strength: parts.strength,
  }));
  const vector = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
    minLength: shape.width,
    maxLength: shape.width,
  });
  const vectors = fc.record({ position: fc.nat(length - 1), vector, strength }).map((parts): Condition => ({
    kind: "vectors",
    entries: Array.from({ length: shape.blocks }, (_, k) => ({
      k,
      positions: [parts.position],
      vectors: [parts.vector],
    })),
    strength: parts.strength,
  }));
  return fc.oneof(
    swap,
    vectors,
    fc.record({ kind: fc.constantFrom("random" as const, "shuffle" as const), positions, seeds, strength }),
    fc.record({
      kind: fc.constant("angle" as const),
      positions,
      angle: fc.integer({ min: 0, max: 180 }),
      seeds,
      strength,
    }),
    fc.record({ kind: fc.constantFrom("freeze" as const, "identity" as const), positions }),
    fc.record({ kind: fc.constant("zero" as const), positions, strength }),
    fc.record({ kind: fc.constant("mean" as const), positions, over: positions, strength }),
    fc.constant<Condition>({ kind: "skip-attention" }),
  );
}
