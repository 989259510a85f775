/** Whole answers and continuations against the naive oracle, for any decoder. */
import { expect, test } from "vitest";
import { argmax } from "../../../src/engine/matrix.ts";
import type { Condition } from "../../../src/shared/condition/condition.ts";
import { runContinuation } from "../../../src/engine/pass/continuation.ts";
import { logSumExp } from "../../../src/engine/pass/readout.ts";
import type { RunEnvironment } from "../../../src/engine/pass/environment.ts";
import { runSweep } from "../../../src/engine/pass/sweep.ts";
import type { DecoderModel } from "../../../src/engine/model/decoder.ts";
import type { Trial } from "./any-condition.ts";
import { naiveCondition } from "./condition-oracle.ts";
import type { Effort, TrialProperty } from "./properties.ts";
import { checkTrials, environmentOf, experimentOf, promptOf } from "./properties.ts";

/**
 * Logits after the prompt was read under a condition and `more` tokens followed unpatched, by one whole pass: positions of
 * the prompt do not see later ones, so the condition's states are the same in the longer pass.
 */
async function naiveNext(
  decoder: DecoderModel,
  { target, source, condition }: Trial,
  more: readonly number[],
  k: number,
  seed?: number,
): Promise<Float32Array> {
  // Strings of tokens behind the prompt must not widen what the condition covers.
  return (await naiveCondition(decoder, [...target, ...more], source, condition, k, seed)).logits;
}

function logprob(logits: Float32Array, id: number): number {
  return logits[id]! - logSumExp(logits);
}

/** Registers the properties as tests of a decoder that `open` gives once tests run. */
export function answerProperties(open: () => DecoderModel, effort: Effort): void {
  const check = (property: TrialProperty): Promise<void> => checkTrials(open(), effort, property);

  test("a whole answer's likelihood is the sum of its tokens' log-probabilities, one pass each", async () => {
    await check(async (trial, decoder) => {
      const { vocab } = decoder.info;
      const ids = { target: [1, 2, 3], source: [vocab - 1, 4] };
      const named = (list: readonly number[]) => ({ ids: list, text: list.join(" ") });
      const { rows } = await runSweep(
        {
          ...experimentOf(trial, 3),
          answers: {
            target: named(ids.target),
            source: named(ids.source),
            scoring: "likelihood",
            tokens: 1,
          },
        },
        environmentOf(decoder),
      );
      for (const row of rows) {
        for (const side of ["target", "source"] as const) {
          let sum = 0;
          for (const [i, id] of ids[side].entries()) {
            sum += logprob(await naiveNext(decoder, trial, ids[side].slice(0, i), row.k, row.seed), id);
          }
          const scored = side === "target" ? row.targetLogprob : row.sourceLogprob!;
          expect(Math.abs(scored - sum)).toBeLessThan(4 * effort.tolerance);
        }
        expect(row.logitDifference).toBeCloseTo(row.sourceLogprob! - row.targetLogprob, 5);
        const begins = [ids.target[0], ids.source[0]].includes(row.top[0]!.id);
        const likelier = row.sourceLogprob! > row.targetLogprob ? "source" : "target";
        expect(row.outcome).toBe(begins ? likelier : "neither");
      }
    });
  });

  test("a continuation is the argmax of one whole pass after the other", async () => {
    await check(async (trial, decoder) => {
      const { target, source, condition, layers } = trial;
      const seed = "seeds" in condition ? condition.seeds[0]! : null;
      const reply = await runContinuation(
        {
          target: promptOf(target),
          source: condition.kind === "swap" ? promptOf(source) : null,
          condition,
          rows: [{ k: layers.from, seed }],
          tokens: 4,
        },
        environmentOf(decoder),
      );
      const ids: number[] = [];
      for (const id of reply.rows[0]!.ids) {
        const logits = await naiveNext(decoder, trial, ids, layers.from, seed ?? undefined);
        // Rounding may decide between two logits that are as good as equal.
        if (logits[argmax(logits)]! - logits[id]! > effort.tolerance) expect(id).toBe(argmax(logits));
        ids.push(id);
      }
      expect(ids.length).toBe(4);
      expect(reply.scope).toBe(condition.kind === "skip-attention" ? "every-step" : "prompt");
      const still: Condition = { kind: "identity", positions: [0] };
      const unpatched = await naiveNext(decoder, { ...trial, condition: still }, [], 0);
      expect(reply.baseline.ids[0]).toBe(argmax(unpatched));
    });
  });

  test("a continuation ends where the model ends its text", async () => {
    const decoder = open();
    const trial = { target: promptOf([1, 2, 3]), source: null, rows: [], tokens: 3 };
    const condition: Condition = { kind: "identity", positions: [0] };
    const free = await runContinuation({ ...trial, condition }, environmentOf(decoder));
    const [first, second] = free.baseline.ids;
    const ending: RunEnvironment = { ...environmentOf(decoder), endIds: [second!] };
    const ended = await runContinuation({ ...trial, condition }, ending);
    const expected = first === second ? [] : [first];
    expect(ended.baseline).toMatchObject({ ids: expected, endedBy: "end" });
  });
}
