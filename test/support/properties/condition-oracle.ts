/** What each condition means, done naively: the oracle's patch for one k, from whole unpatched runs. */
import type { Condition } from "../../../src/shared/condition/condition.ts";
import { replacedPositions } from "../../../src/shared/condition/condition.ts";
import type { Matrix } from "../../../src/engine/matrix.ts";
import { row } from "../../../src/engine/matrix.ts";
import { angleStates } from "../../../src/engine/intervene/angle.ts";
import { randomStates } from "../../../src/engine/intervene/random.ts";
import { shuffledStates } from "../../../src/engine/intervene/shuffle.ts";
import type { DecoderModel } from "../../../src/engine/model/decoder.ts";
import type { NaiveRun } from "./naive-oracle.ts";
import { naiveRun } from "./naive-oracle.ts";

/**
 * One whole pass under a condition at one k. Written from docs/conditions/, not from the engine's plan; only the noise, what
 * is turned by it, and the permutations are the engine's own, since a seed stands for them: their tests hold them to definitions.
 */
export async function naiveCondition(
  decoder: DecoderModel,
  target: readonly number[],
  source: readonly number[],
  condition: Condition,
  k: number,
  seed = 0,
): Promise<NaiveRun> {
  if (condition.kind === "skip-attention") {
    return naiveRun(decoder, target, undefined, { skipAttentionFrom: k });
  }
  const { width } = decoder.info;
  const unpatched = await naiveRun(decoder, target);
  const positions =
    condition.kind === "swap" ? condition.pairs.map((pair) => pair.target) : replacedPositions(condition);
  const stateOf = (run: NaiveRun, layer: number, position: number): Float32Array =>
    row({ data: run.hidden[layer]!, rows: 0, width }, position);
  const replaced = positions.map((position) => stateOf(unpatched, k, position));
  const putIn = await (async (): Promise<readonly ArrayLike<number>[]> => {
    switch (condition.kind) {
      case "swap": {
        const run = await naiveRun(decoder, source);
        return condition.pairs.map((pair) =>
          meanOf(pair.source.map((position) => stateOf(run, condition.sourceLayer ?? k, position))),
        );
      }
      case "random":
        return rowsOf(randomStates(stacked(replaced, width), positions, k, seed));
      case "shuffle":
        return rowsOf(shuffledStates(stacked(replaced, width), positions, k, seed));
      case "angle":
        return rowsOf(angleStates(stacked(replaced, width), positions, k, seed, condition.angle));
      case "freeze":
        return positions.map((position) => stateOf(unpatched, k - 1, position));
      case "zero":
        return replaced.map((state) => new Float32Array(state.length));
      case "mean": {
        const mean = meanOf(condition.over.map((position) => stateOf(unpatched, k, position)));
        return positions.map(() => mean);
      }
      case "identity":
        return replaced;
      case "vectors":
        return condition.entries.find((entry) => entry.k === k)!.vectors;
    }
  })();
  const strength = "strength" in condition ? condition.strength : 1;
  const mixed = putIn.map((state, i) =>
    Array.from(state, (value, j) => (1 - strength) * replaced[i]![j]! + strength * value),
  );
  return naiveRun(decoder, target, {
    k,
    positions,
    vectors: stacked(mixed, width),
    holds: condition.kind === "freeze",
  });
}

function stacked(states: readonly ArrayLike<number>[], width: number): Matrix {
  const data = new Float32Array(states.length * width);
  states.forEach((state, i) => {
    data.set(state, i * width);
  });
  return { data, rows: states.length, width };
}

function rowsOf(matrix: Matrix): Float32Array[] {
  return Array.from({ length: matrix.rows }, (_, i) => row(matrix, i));
}
function meanOf(states: readonly ArrayLike<number>[]): number[] {
  return Array.from(
    { length: states[0]!.length },
    (_, j) => states.reduce((sum, state) => sum + state[j]!, 0) / states.length,
  );
}
