/** Invariants of docs/invariants.md as properties over conditions, positions and k, for any decoder. */
import { expect, test } from "vitest";
import { maxAbsDifference } from "../../../src/engine/difference.ts";
import type { Condition } from "../../../src/shared/condition/condition.ts";
import { replacedPositions } from "../../../src/shared/condition/condition.ts";
import type { Experiment, Prompt } from "../../../src/shared/experiment/experiment.ts";
import { argmax, norm } from "../../../src/engine/matrix.ts";
import type { SweepReply } from "../../../src/shared/protocol/engine.ts";
import { planRows } from "../../../src/engine/intervene/planned-rows.ts";
import type { DecoderModel } from "../../../src/engine/model/decoder.ts";
import { runUnpatched } from "../../../src/engine/pass/unpatched-run.ts";
import { uncancelled } from "../../../src/engine/pass/control.ts";
import { runPatchedRows } from "../../../src/engine/pass/staircase.ts";
import type { RunEnvironment } from "../../../src/engine/pass/environment.ts";
import { runSweep } from "../../../src/engine/pass/sweep.ts";
import type { Trial } from "./any-condition.ts";
import { anyTrial } from "./any-condition.ts";
import { naiveCondition } from "./condition-oracle.ts";
import { holds } from "./holds.ts";
import { naiveEntropy, naiveRun } from "./naive-oracle.ts";

/** How hard to try. */
export interface Effort {
  readonly runs: number;
  readonly longest: number;
  /** Largest difference of logits between shared and unshared passes (G4: 1e-4 for fp32). */
  readonly tolerance: number;
}

/** A prompt of ids. */
export function promptOf(ids: readonly number[]): Prompt {
  return { text: null, ids, tokens: ids.map(String), bos: { policy: "off", added: false } };
}

/** What a sweep needs, with nothing kept between runs. */
export function environmentOf(decoder: DecoderModel): RunEnvironment {
  return {
    decoder,
    textOf: (id) => `t${id}`,
    endIds: [],
    unpatchedRun: (ids, control) => runUnpatched(decoder, ids, control),
    control: uncancelled(),
    emit: () => undefined,
  };
}

/** A sweep of a trial, with the whole vocabulary in each row. */
export function experimentOf({ target, source, condition, layers }: Trial, vocab: number): Experiment {
  return {
    target: promptOf(target),
    source: condition.kind === "swap" ? promptOf(source) : null,
    condition,
    layers,
    answers: { target: null, source: null, scoring: "next-token", tokens: 1 },
    top: vocab,
    lens: false,
  };
}

/** Logits of a row that lists the whole vocabulary, by id. */
export function logitsOf(row: SweepReply["rows"][number]): Float32Array {
  const logits = new Float32Array(row.top.length);
  for (const { id, logit } of row.top) logits[id] = logit;
  return logits;
}

/** What must hold for a trial. */
export type TrialProperty = (trial: Trial, decoder: DecoderModel) => Promise<void>;

/** Tries a property on random trials of a decoder. */
export async function checkTrials(
  decoder: DecoderModel,
  { runs, longest }: Effort,
  property: TrialProperty,
): Promise<void> {
  const { vocab, blocks, width } = decoder.info;
  const trials = anyTrial({ vocab, blocks, width, longest });
  await holds(trials, runs, (trial) => property(trial, decoder));
}

/** Registers the properties as tests of a decoder that `open` gives once tests run. */
export function conditionProperties(open: () => DecoderModel, effort: Effort): void {
  const check = (property: TrialProperty): Promise<void> => checkTrials(open(), effort, property);

  test("every row of every condition equals the naive oracle (G4, G8, G9, G12)", async () => {
    await check(async (trial, decoder) => {
      const { rows } = await runSweep(experimentOf(trial, decoder.info.vocab), environmentOf(decoder));
      for (const row of rows) {
        const { target, source, condition } = trial;
        const oracle = await naiveCondition(decoder, target, source, condition, row.k, row.seed);
        const difference = maxAbsDifference(logitsOf(row), oracle.logits);
        expect(difference).toBeLessThan(effort.tolerance);
        const entropy = naiveEntropy(oracle.logits);
        // Of logits that are off by t, log p is off by 2 t at most, and p by a share of 2 t.
        expect(Math.abs(row.entropy! - entropy)).toBeLessThan(2 * effort.tolerance * (1 + entropy));
        const [first, second] = row.top;
        if (first!.logit - second!.logit > 2 * effort.tolerance) {
          expect(first!.id).toBe(argmax(oracle.logits));
        }
      }
    });
  });

  test("identity, and anything at strength 0, changes nothing to the last bit (G1)", async () => {
    await check(async (trial, decoder) => {
      const { condition } = trial;
      const positions = replacedPositions(condition);
      const still: Condition =
        "strength" in condition
          ? { ...condition, strength: 0 }
          : { kind: "identity", positions: positions.length > 0 ? positions : [0] };
      const reply = await runSweep(
        experimentOf({ ...trial, condition: still }, decoder.info.vocab),
        environmentOf(decoder),
      );
      for (const row of reply.rows) {
        expect(row.deltaNorm).toBe(0);
        expect(row.klToBaseline).toBe(0);
        expect(row.outcome).toBe("target");
      }
      expect(reply.flip).toBeNull();
    });
  });

  test("states outside the cone of a patch stay as they were (G2)", async () => {
    await check(async (trial, decoder) => {
      const { target, source, condition, layers } = trial;
      const positions = replacedPositions(condition);
      if (positions.length === 0) return;
      const unpatched = await naiveRun(decoder, target);
      const patched = await naiveCondition(decoder, target, source, condition, layers.from);
      const { width, blocks } = decoder.info;
      for (let k = 0; k <= blocks; k++) {
        const end = (k < layers.from ? target.length : positions[0]!) * width;
        expect(patched.hidden[k]!.subarray(0, end)).toEqual(unpatched.hidden[k]!.subarray(0, end));
      }
    });
  });

  test("a patch at k = blocks changes no answer unless it replaces the last position (G3, G8)", async () => {
    await check(async ({ target, condition }, decoder) => {
      const { blocks } = decoder.info;
      if (condition.kind === "swap" || condition.kind === "vectors") return;
      const unpatched = await runUnpatched(decoder, target, uncancelled());
      const rows = planRows(condition, { from: blocks, to: blocks }, { unpatched, source: null });
      const output = await runPatchedRows(decoder, unpatched, rows, uncancelled());
      const reachesLast = replacedPositions(condition).includes(target.length - 1);
      for (const row of output.rows) if (!reachesLast) expect(row.logits).toEqual(output.unpatched.logits);
    });
  });

  test("random keeps each state's norm, shuffle its values; both repeat with the seed (G6, G7)", async () => {
    await check(async ({ target, condition, layers }, decoder) => {
      if (condition.kind !== "random" && condition.kind !== "shuffle") return;
      const unpatched = await runUnpatched(decoder, target, uncancelled());
      const { width } = decoder.info;
      const whole = { ...condition, strength: 1 };
      const [first, again] = [1, 2].map(() => planRows(whole, layers, { unpatched, source: null }));
      for (const [i, row] of first!.entries()) {
        const plane = unpatched.hidden[row.k]!;
        const old = row.positions.map((p) => plane.subarray(p * width, (p + 1) * width));
        const data = new Float32Array(old.length * width);
        old.forEach((state, p) => {
          data.set(state, p * width);
        });
        const replaced = { data, rows: old.length, width };
        const put = row.vectors(replaced).data;
        expect(again![i]!.vectors(replaced).data).toEqual(put);
        old.forEach((state, p) => {
          const state2 = put.subarray(p * width, (p + 1) * width);
          if (condition.kind === "shuffle")
            expect([...state2].sort(byValue)).toEqual([...state].sort(byValue));
          else expect(Math.abs(norm(state2) / norm(state) - 1)).toBeLessThan(1e-5);
          expect(state2).not.toEqual(state);
        });
      }
    });
  });

  test("the logit lens at the last block is the model's own logits (G10)", async () => {
    await check(async (trial, decoder) => {
      const experiment = { ...experimentOf(trial, decoder.info.vocab), lens: true };
      const { lens, baseline } = await runSweep(experiment, environmentOf(decoder));
      expect(lens!.map(({ k }) => k)).toEqual(Array.from({ length: decoder.info.blocks + 1 }, (_, k) => k));
      const last = lens!.at(-1)!.top;
      for (const token of baseline) {
        const same = last.find(({ id }) => id === token.id)!;
        expect(Math.abs(same.logit - token.logit)).toBeLessThan(1e-4);
      }
    });
  });

  test("at k = 0 a swap equals editing the token (G5), and a swap of all positions gives the source's answer (G13)", async () => {
    await check(async (trial, decoder) => {
      const { vocab } = decoder.info;
      const target = trial.target;
      const source = Array.from({ length: target.length }, (_, i) => trial.source[i % trial.source.length]!);
      const position = trial.layers.from % target.length;
      const swapAt = (pairs: { target: number; source: number[] }[], to: number): Experiment =>
        experimentOf(
          {
            target,
            source,
            condition: { kind: "swap", align: null, pairs, sourceLayer: null, strength: 1 },
            layers: { from: 0, to },
          },
          vocab,
        );
      // Equal positions, so that it holds for learned positions too.
      const one = await runSweep(
        swapAt([{ target: position, source: [position] }], 0),
        environmentOf(decoder),
      );
      const edited = await naiveRun(decoder, target.with(position, source[position]!));
      expect(maxAbsDifference(logitsOf(one.rows[0]!), edited.logits)).toBeLessThan(effort.tolerance);

      const pairs = target.map((_, i) => ({ target: i, source: [i] }));
      const all = await runSweep(swapAt(pairs, decoder.info.blocks - 1), environmentOf(decoder));
      const answer = await naiveRun(decoder, source);
      for (const row of all.rows) {
        expect(maxAbsDifference(logitsOf(row), answer.logits)).toBeLessThan(effort.tolerance);
      }
    });
  });
}

function byValue(a: number, b: number): number {
  return a - b;
}
