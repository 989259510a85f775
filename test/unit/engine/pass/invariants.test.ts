/** Invariants of docs/invariants.md on the tiny decoder: what must hold for every pass, whatever the model. */
import { describe, expect, it } from "vitest";
import { maxAbsDifference } from "../../../../src/engine/difference.ts";
import type { Experiment, Prompt } from "../../../../src/shared/experiment/experiment.ts";
import { CONVENTION } from "../../../../src/shared/experiment/experiment.ts";
import { argmax, norm } from "../../../../src/engine/matrix.ts";
import { TINY_SHAPE, createTinyDecoder } from "../../../support/tiny/tiny-decoder.ts";
import { runUnpatched } from "../../../../src/engine/pass/unpatched-run.ts";
import { newMeter, uncancelled } from "../../../../src/engine/pass/control.ts";
import { runGrid } from "../../../../src/engine/pass/grid.ts";
import { klDivergence, logSumExp, referenceOf } from "../../../../src/engine/pass/readout.ts";
import type { PatchedRow } from "../../../../src/engine/intervene/patched-row.ts";
import { runPatchedRows } from "../../../../src/engine/pass/staircase.ts";
import type { RunEnvironment } from "../../../../src/engine/pass/environment.ts";
import { runSweep } from "../../../../src/engine/pass/sweep.ts";
import type { Progress } from "../../../../src/shared/protocol/engine.ts";
import { failureOf, selfTest } from "../../../../src/engine/self-test.ts";
import type { DecoderModel } from "../../../../src/engine/model/decoder.ts";
import { naiveRun } from "../../../support/properties/naive-oracle.ts";

const decoder = createTinyDecoder();
const blocks = TINY_SHAPE.blocks;
const { width } = decoder.info;
const TARGET = [3, 17, 5, 22, 9, 30, 11];
const SOURCE = [8, 2, 26];

function prompt(ids: readonly number[]): Prompt {
  return { text: null, ids, tokens: ids.map(String), bos: { policy: "off", added: false } };
}

function environment(
  emit: (progress: Progress) => void = () => undefined,
  signal?: AbortSignal,
): RunEnvironment {
  const control = signal ? { signal, meter: newMeter() } : uncancelled();
  return {
    decoder,
    textOf: (id) => `t${id}`,
    endIds: [],
    unpatchedRun: (ids, runControl) => runUnpatched(decoder, ids, runControl),
    control,
    emit,
  };
}

function swap(
  target: readonly number[],
  source: readonly number[],
  position: number,
  from: number,
): Experiment {
  return {
    target: prompt(target),
    source: prompt(source),
    condition: {
      kind: "swap",
      align: null,
      pairs: [{ target: position, source: [from] }],
      sourceLayer: null,
      strength: 1,
    },
    layers: { from: 0, to: blocks - 1 },
    answers: { target: null, source: null, scoring: "next-token", tokens: 1 },
    top: TINY_SHAPE.vocab,
    lens: false,
  };
}

function allLogits(row: { top: readonly { id: number; logit: number }[] }): Float32Array {
  const logits = new Float32Array(TINY_SHAPE.vocab);
  for (const { id, logit } of row.top) logits[id] = logit;
  return logits;
}

describe("a sweep", () => {
  it("equals the naive oracle in every row (G4)", async () => {
    const result = await runSweep(swap(TARGET, SOURCE, 4, 2), environment());
    const source = await naiveRun(decoder, SOURCE);
    expect(result.rows.map((row) => row.k)).toEqual([0, 1, 2, 3]);
    for (const row of result.rows) {
      const state = source.hidden[row.k]!.slice(2 * width, 3 * width);
      const patch = { k: row.k, positions: [4], vectors: { data: state, rows: 1, width } };
      const oracle = await naiveRun(decoder, TARGET, patch);
      expect(maxAbsDifference(allLogits(row), oracle.logits)).toBe(0);
      expect(row.top[0]!.id).toBe(argmax(oracle.logits));
      const unpatched = await naiveRun(decoder, TARGET);
      const replaced = unpatched.hidden[row.k]!.slice(4 * width, 5 * width);
      expect(row.deltaNorm).toBeCloseTo(norm(state.map((value, i) => value - replaced[i]!)), 5);
    }
  });

  it("at k = 0 equals editing the token, whatever the source position (G5)", async () => {
    for (const from of [0, 1, 2]) {
      const result = await runSweep(swap(TARGET, SOURCE, 4, from), environment());
      const edited = TARGET.with(4, SOURCE[from]!);
      const { logits } = await naiveRun(decoder, edited);
      expect(maxAbsDifference(allLogits(result.rows[0]!), logits)).toBeLessThan(1e-5);
    }
  });

  it("changes nothing with an identity patch, to the last bit (G1)", async () => {
    const experiment: Experiment = {
      ...swap(TARGET, SOURCE, 4, 2),
      source: null,
      condition: { kind: "identity", positions: [1, 4, 6] },
    };
    const result = await runSweep(experiment, environment());
    for (const row of result.rows) {
      expect(row.deltaNorm).toBe(0);
      expect(row.outcome).toBe("target");
      expect(row.top).toEqual(result.baseline);
    }
    expect(result.flip).toBeNull();
  });

  it("gives the source's answer when all positions are replaced (G13)", async () => {
    const other = [1, 2, 3, 4, 5, 6, 7];
    const pairs = TARGET.map((_, i) => ({ target: i, source: [i] }));
    const experiment: Experiment = {
      ...swap(TARGET, other, 0, 0),
      condition: { kind: "swap", align: "each", pairs, sourceLayer: null, strength: 1 },
    };
    const result = await runSweep(experiment, environment());
    const { logits } = await naiveRun(decoder, other);
    for (const row of result.rows) expect(maxAbsDifference(allLogits(row), logits)).toBeLessThan(1e-5);
  });

  it("streams the rows it returns, the smallest k first, with the source answer known from then on", async () => {
    const seen: Progress[] = [];
    const result = await runSweep(
      swap(TARGET, SOURCE, 4, 2),
      environment((progress) => seen.push(progress)),
    );
    expect(seen[0]?.kind).toBe("baseline");
    const rows = seen.flatMap((progress) => (progress.kind === "row" ? [progress.row] : []));
    expect(rows).toEqual(result.rows);
    const first = rows[0]!;
    if (result.answers.source) expect(result.answers.source.ids).toEqual([first.top[0]!.id]);
    else expect(first.outcome).toBe("target");
  });

  it("stops between blocks when it is cancelled", async () => {
    const abort = new AbortController();
    const run = runSweep(
      swap(TARGET, SOURCE, 4, 2),
      environment((progress) => {
        if (progress.kind === "baseline") abort.abort();
      }, abort.signal),
    );
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
  });

  it("averages the source states of a pair with several", async () => {
    const experiment: Experiment = {
      ...swap(TARGET, SOURCE, 4, 0),
      condition: {
        kind: "swap",
        align: "mean",
        pairs: [{ target: 4, source: [0, 1, 2] }],
        sourceLayer: null,
        strength: 1,
      },
    };
    const result = await runSweep(experiment, environment());
    const source = await naiveRun(decoder, SOURCE);
    for (const row of result.rows) {
      const plane = source.hidden[row.k]!;
      const mean = Float32Array.from(
        { length: width },
        (_, i) => (plane[i]! + plane[width + i]! + plane[2 * width + i]!) / 3,
      );
      const patch = { k: row.k, positions: [4], vectors: { data: mean, rows: 1, width } };
      const { logits } = await naiveRun(decoder, TARGET, patch);
      expect(maxAbsDifference(allLogits(row), logits)).toBeLessThan(1e-5);
    }
  });
});

describe("a patched run", () => {
  const row = (k: number, position: number, value: number): PatchedRow => ({
    k,
    seed: null,
    positions: [position],
    vectors: () => ({ data: new Float32Array(width).fill(value), rows: 1, width }),
    holds: false,
    skipsAttention: false,
  });

  it("leaves every state outside the cone as it was (G2)", async () => {
    const unpatched = await naiveRun(decoder, TARGET);
    const vectors = { data: new Float32Array(width).fill(0.5), rows: 1, width };
    const patched = await naiveRun(decoder, TARGET, { k: 2, positions: [3], vectors });
    for (let k = 0; k <= blocks; k++) {
      const end = k < 2 ? TARGET.length : 3;
      const [before, after] = [unpatched.hidden[k]!, patched.hidden[k]!];
      expect(after.slice(0, end * width)).toEqual(before.slice(0, end * width));
    }
    expect(patched.hidden[3]!.slice(3 * width)).not.toEqual(unpatched.hidden[3]!.slice(3 * width));
  });

  it("changes no answer at k = blocks unless the last position is replaced (G3)", async () => {
    const unpatched = await runUnpatched(decoder, TARGET, uncancelled());
    const output = await runPatchedRows(decoder, unpatched, [row(blocks, 2, 0.5)], uncancelled());
    expect(output.rows[0]!.logits).toEqual(output.unpatched.logits);
    const last = await runPatchedRows(
      decoder,
      unpatched,
      [row(blocks, TARGET.length - 1, 0.5)],
      uncancelled(),
    );
    expect(last.rows[0]!.logits).not.toEqual(last.unpatched.logits);
  });

  it("is the same alone and in a batch (G12)", async () => {
    const unpatched = await runUnpatched(decoder, TARGET, uncancelled());
    const rows = [row(0, 2, 0.3), row(1, 4, -0.2), row(1, 2, 0.1), row(3, 6, 0.7)];
    const batch = await runPatchedRows(decoder, unpatched, rows, uncancelled());
    for (const [i, single] of rows.entries()) {
      const alone = await runPatchedRows(decoder, unpatched, [single], uncancelled());
      expect(maxAbsDifference(alone.rows[0]!.logits, batch.rows[i]!.logits)).toBeLessThan(1e-6);
    }
  });

  it("is the same with and without a shared position prefix (G4)", async () => {
    const shared = await runUnpatched(decoder, TARGET, uncancelled());
    const unshared = { ...shared, keyValues: null };
    const rows = [row(0, 3, 0.3), row(2, 5, -0.2)];
    const a = await runPatchedRows(decoder, shared, rows, uncancelled());
    const b = await runPatchedRows(decoder, unshared, rows, uncancelled());
    a.rows.forEach((output, i) => {
      expect(maxAbsDifference(output.logits, b.rows[i]!.logits)).toBeLessThan(1e-6);
    });
  });
});

describe("a grid", () => {
  it("equals the naive oracle in every cell", async () => {
    const experiment = {
      target: prompt(TARGET),
      source: prompt(SOURCE),
      sourcePositions: [2],
      sourceLayer: null,
      strength: 1,
      targetPositions: [4],
      layers: { from: 1, to: 3 },
      answers: { target: null, source: null },
    };
    const result = await runGrid(experiment, environment());
    const source = await naiveRun(decoder, SOURCE);
    const unpatched = referenceOf((await naiveRun(decoder, TARGET)).logits);
    expect(result.columns.map((column) => column.position)).toEqual(TARGET.map((_, i) => i));
    for (const column of result.columns) {
      for (let k = 1; k <= 3; k++) {
        const vectors = { data: source.hidden[k]!.slice(2 * width), rows: 1, width };
        const oracle = await naiveRun(decoder, TARGET, { k, positions: [column.position], vectors });
        expect(column.argmax[k - 1]).toBe(argmax(oracle.logits));
        const divergence = klDivergence(unpatched, oracle.logits, logSumExp(oracle.logits));
        expect(column.klToBaseline![k - 1]).toBeCloseTo(divergence, 4);
      }
    }
  });
});

describe("the self-test", () => {
  it("passes on a right decoder", async () => {
    expect((await selfTest(decoder)).result).toMatchObject({ passed: true, identity: 0 });
  });

  it("fails when rows of a batch leak into each other", async () => {
    const leaky: DecoderModel = {
      ...bound(decoder),
      block: async (k, states, context) => {
        const output = await decoder.block(k, states, context);
        if (states.rows > 1) output.states.data[output.states.data.length - 1]! += 1e-3;
        return output;
      },
    };
    expect((await selfTest(leaky)).result).toMatchObject({ passed: false });
  });

  it("refuses a decoder whose identity row has one NaN, that finite logits follow", async () => {
    const rows = 3;
    const broken: DecoderModel = {
      ...bound(decoder),
      logits: async (states) => {
        const logits = await decoder.logits(states);
        // The unpatched row, a row of other states, the identity row.
        if (states.rows === rows) logits.data[(rows - 1) * logits.width] = NaN;
        return logits;
      },
    };
    const tested = await selfTest(broken);
    expect(tested.result).toMatchObject({ passed: false, identity: NaN });
    expect(failureOf("m.onnx", tested).message).toContain("an identity patch changed the logits by NaN");
  });

  it("fails when the stages differ from the whole graph, or give NaN", async () => {
    const off: DecoderModel = {
      ...bound(decoder),
      compareWithWhole: () => Promise.resolve({ maxAbsDiff: 0.5, tolerance: 1e-4, note: "the whole graph" }),
    };
    expect((await selfTest(off)).result).toMatchObject({ passed: false, maxAbsDiff: 0.5 });
    const broken: DecoderModel = {
      ...bound(decoder),
      logits: (states) =>
        Promise.resolve({
          data: new Float32Array(states.rows * TINY_SHAPE.vocab).fill(NaN),
          rows: states.rows,
          width: TINY_SHAPE.vocab,
        }),
    };
    expect((await selfTest(broken)).result).toMatchObject({ passed: false });
  });
});

function bound(model: DecoderModel): DecoderModel {
  return {
    info: model.info,
    embed: (ids) => model.embed(ids),
    block: (k, states, context) => model.block(k, states, context),
    keyValue: (k, states, start, tokens) => model.keyValue(k, states, start, tokens),
    attention: (k, states, ids) => model.attention(k, states, ids),
    logits: (states) => model.logits(states),
    compareWithWhole: () => model.compareWithWhole(),
    close: () => model.close(),
  };
}

it("the convention is said in one way", () => {
  expect(CONVENTION).toBe("k = 0-based block whose input is replaced");
});
