/** From a choice to a condition, and from a condition to its controls: what command line and editor share. */
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { ConditionChoice } from "../../../../src/shared/condition/condition-choice.ts";
import type { ConditionPlace } from "../../../../src/shared/condition/condition-options.ts";
import {
  changedChoice,
  conditionOf,
  INITIAL_CHOICE,
} from "../../../../src/shared/condition/condition-choice.ts";
import {
  CONDITION_KINDS,
  conditionSchema,
  replacedPositions,
  smallestK,
} from "../../../../src/shared/condition/condition.ts";
import { controlsOf } from "../../../../src/shared/experiment/controls.ts";

const PLACE: ConditionPlace = {
  length: 5,
  startsWithBos: true,
  chosen: [3, 0, 3],
  align: null,
  pairs: [
    { target: 0, source: [1] },
    { target: 3, source: [2] },
  ],
  entries: [{ k: 1, positions: [2], vectors: [[0]] }],
};

function choice(part: Partial<ConditionChoice>): ConditionChoice {
  return { ...INITIAL_CHOICE, ...part };
}

describe("a condition", () => {
  it("of every kind can be made", () => {
    for (const kind of CONDITION_KINDS) expect(conditionOf(choice({ kind }), PLACE).kind).toBe(kind);
  });

  it("replaces all tokens but the last, BOS included, as in the paper", () => {
    for (const kind of ["random", "shuffle", "freeze", "zero", "mean", "angle", "identity"] as const) {
      expect(replacedPositions(conditionOf(choice({ kind }), PLACE))).toEqual([0, 1, 2, 3]);
    }
  });

  it("leaves BOS out when told, and only a BOS", () => {
    const zero = choice({ kind: "zero", excludeBos: true });
    expect(replacedPositions(conditionOf(zero, PLACE))).toEqual([1, 2, 3]);
    expect(replacedPositions(conditionOf(zero, { ...PLACE, startsWithBos: false }))).toEqual([0, 1, 2, 3]);
    expect(conditionOf(choice({ kind: "mean", excludeBos: true }), PLACE)).toMatchObject({ over: [1, 2, 3] });
    expect(conditionOf(choice({ excludeBos: true }), PLACE)).toMatchObject({
      pairs: [{ target: 3, source: [2] }],
    });
  });

  it("of chosen tokens takes each once, ascending", () => {
    const zero = choice({ kind: "zero", where: "chosen" });
    expect(replacedPositions(conditionOf(zero, PLACE))).toEqual([0, 3]);
  });

  it("takes its mean over the whole prompt, whichever tokens it replaces", () => {
    const mean = conditionOf(choice({ kind: "mean", where: "chosen" }), PLACE);
    expect(mean).toMatchObject({ positions: [0, 3], over: [0, 1, 2, 3] });
  });

  it("with seeds takes as many as asked for, from the first on", () => {
    const random = conditionOf(choice({ kind: "random", seed: 4, seeds: 3 }), PLACE);
    expect(random).toMatchObject({ seeds: [4, 5, 6] });
  });

  it("of an angle takes the chosen one, or a right angle", () => {
    expect(conditionOf(choice({ kind: "angle" }), PLACE)).toMatchObject({ angle: 90, seeds: [0] });
    const chosen = changedChoice(choice({ kind: "angle" }), { numbers: { angle: 30 } });
    expect(conditionOf(chosen, PLACE)).toMatchObject({ angle: 30 });
    // Other changes leave it.
    expect(conditionOf(changedChoice(chosen, { seeds: 2 }), PLACE)).toMatchObject({
      angle: 30,
      seeds: [0, 1],
    });
    expect(v.is(conditionSchema, { ...conditionOf(chosen, PLACE), angle: 181 })).toBe(false);
  });

  it("is refused where no token is left", () => {
    const short = { ...PLACE, length: 1 };
    expect(() => conditionOf(choice({ kind: "zero" }), short)).toThrow("one token");
    const chosen = choice({ kind: "zero", where: "chosen" });
    expect(() => conditionOf(chosen, { ...PLACE, chosen: [] })).toThrow("No token is chosen");
    expect(() => conditionOf(INITIAL_CHOICE, { ...PLACE, pairs: [] })).toThrow("needs a token");
    expect(() => conditionOf(choice({ kind: "vectors" }), { ...PLACE, entries: [] })).toThrow("No vectors");
  });
});

it("freeze starts at k = 1, everything else at 0", () => {
  expect(CONDITION_KINDS.filter((kind) => smallestK(kind) === 1)).toEqual(["freeze"]);
});

describe("controls", () => {
  it("of a swap are identity, norm-matched random and an unrelated source, at the same tokens", () => {
    const controls = controlsOf(conditionOf(choice({ strength: 0.5 }), PLACE), 4);
    expect(controls.map(({ name }) => name)).toEqual(["identity", "random", "unrelated"]);
    for (const { condition } of controls) expect(replacedPositions(condition)).toEqual([0, 3]);
    expect(controls[1]!.condition).toMatchObject({ seeds: [0, 1, 2, 3, 4], strength: 0.5 });
    expect(controls[2]!.condition).toMatchObject({
      pairs: [
        { target: 0, source: [3] },
        { target: 3, source: [3] },
      ],
      strength: 0.5,
    });
  });

  it("never repeat the condition itself, and there are none where nothing is replaced", () => {
    const names = (part: Partial<ConditionChoice>): string[] =>
      controlsOf(conditionOf(choice(part), PLACE), 4).map(({ name }) => name);
    expect(names({ kind: "random" })).toEqual(["identity"]);
    expect(names({ kind: "identity" })).toEqual(["random"]);
    expect(names({ kind: "freeze" })).toEqual(["identity", "random"]);
    expect(names({ kind: "skip-attention" })).toEqual([]);
  });
});
