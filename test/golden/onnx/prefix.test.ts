/** ONNX fixtures on a shared position prefix: each block, and whole sweeps, must equal runs of whole prompts. */
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { behind, keysBehind } from "../../../src/engine/model/onnx/prefix/check.ts";
import { maxRelativeDifference } from "../../../src/engine/difference.ts";
import type { DecoderInfo, DecoderModel, KeyValue, States } from "../../../src/engine/model/decoder.ts";
import { openOnnxDecoder } from "../../../src/engine/model/onnx/onnx-decoder.ts";
import { testRuntime } from "../../support/runtime.ts";
import { firstPositions, runUnpatched } from "../../../src/engine/pass/unpatched-run.ts";
import { uncancelled } from "../../../src/engine/pass/control.ts";
import type { BatchOutput } from "../../../src/engine/pass/batch-output.ts";
import { runPatchedRows } from "../../../src/engine/pass/staircase.ts";
import type { PatchedRow } from "../../../src/engine/intervene/patched-row.ts";
import type { Fixture } from "../../support/models/fixtures.ts";
import { onnxFixtures, readConfig, readGolden } from "../../support/models/fixtures.ts";

const fixtures = onnxFixtures();
const isHalf = ({ name }: Fixture): boolean => /fp16|f16/.test(name);

/** How the fixtures share, by the end of their names; all of them do. */
const CACHE = "shared prefix: through the graph's own cache";
const PROJECTIONS = "shared prefix: prepended to the projections of keys and values";
const FORMS: Readonly<Record<string, string>> = {
  past: CACHE,
  extdata: CACHE,
  O1: CACHE,
  O2: CACHE,
  q4: CACHE,
  bnb4: CACHE,
  fp16: CACHE,
  fp16io: CACHE,
  optfp16: CACHE,
  q4f16: CACHE,
  genai_fp32: CACHE,
  genai_int4: CACHE,
  // MultiHeadAttention whose mask takes a cache for single queries only.
  genai_fp16: PROJECTIONS,
  nopast: PROJECTIONS,
  dynamo18: PROJECTIONS,
  dynamo18e: PROJECTIONS,
  dynamo23: PROJECTIONS,
  sites18: PROJECTIONS,
};

/** Relative to the largest value of the whole run's; half floats round otherwise in other shapes. */
const FLOAT_TOLERANCE = 1e-5;
const HALF_TOLERANCE = 5e-3;

/** Numbers in 0..1, the same in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Each row's own keys and values, side by side as those of several rows. */
function stacked(parts: readonly KeyValue[]): KeyValue {
  const join = (arrays: readonly Float32Array[]): Float32Array => {
    const out = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
    arrays.forEach((array, i) => {
      out.set(array, i * array.length);
    });
    return out;
  };
  return {
    ...parts[0]!,
    rows: parts.length,
    key: join(parts.map((part) => part.key)),
    value: join(parts.map((part) => part.value)),
  };
}

/** A view of a decoder that runs whole prompts. */
function unshared(decoder: DecoderModel): DecoderModel {
  const info: DecoderInfo = {
    ...decoder.info,
    can: { ...decoder.info.can, sharePrefix: { reason: "for the sake of comparing" } },
  };
  return {
    info,
    embed: (ids) => decoder.embed(ids),
    block: (k, states, context) => decoder.block(k, states, context),
    keyValue: (k, states, start, tokens) => decoder.keyValue(k, states, start, tokens),
    attention: (k, states, ids) => decoder.attention(k, states, ids),
    logits: (states) => decoder.logits(states),
    compareWithWhole: () => decoder.compareWithWhole(),
    close: () => decoder.close(),
  };
}

describe.each(fixtures)("$name", (fixture) => {
  const golden = readGolden(fixture);
  const tolerance = isHalf(fixture) ? HALF_TOLERANCE : FLOAT_TOLERANCE;
  let decoder: DecoderModel;

  beforeAll(async () => {
    const file = path.join(fixture.folder, golden.model_file);
    decoder = await openOnnxDecoder({ file, config: readConfig(fixture), runtime: testRuntime(1) });
  });
  afterAll(() => decoder.close());

  const promptOf = (length: number, random: () => number): number[] =>
    Array.from({ length }, () => Math.floor(random() * decoder.info.vocab));

  /** Rows of one prompt's states that are the first row's before `start`. */
  const rowsOf = (unpatched: States, rows: number, start: number, random: () => number): States => {
    const data = new Float32Array(rows * unpatched.data.length);
    for (let r = 0; r < rows; r++) {
      const values = unpatched.data.map((value, i) =>
        i < start * unpatched.width || r === 0 ? value : value * (2 * random() - 1),
      );
      data.set(values, r * values.length);
    }
    return { ...unpatched, data, rows };
  };

  test("shares a prefix, in the form that its kind allows", () => {
    expect(decoder.info.can.sharePrefix).toBe(true);
    const notes = decoder.info.notes.filter((note) => note.startsWith("shared prefix"));
    expect(notes).toEqual([FORMS[fixture.name.split("__")[1]!] ?? CACHE]);
  });

  test("equal rows of a batch are equal to the last bit, behind a prefix and without one", async () => {
    const random = randomOf(5);
    const isEqual = (a: Float32Array, b: Float32Array): boolean => a.every((value, i) => value === b[i]);
    for (const start of [0, 1, 6]) {
      for (const count of [1, 3, 4, 7]) {
        const ids = promptOf(start + count, random);
        const unpatched = await decoder.embed(ids);
        const { keyValue } = await decoder.block(0, unpatched, { ids, start: 0, recordKeyValue: true });
        for (const rows of [2, 3, 5, 8]) {
          // Every other row is the first one.
          const others = rowsOf(unpatched, rows, start, random);
          const size = unpatched.data.length;
          const data = others.data.slice();
          for (let r = 2; r < rows; r += 2) data.set(data.subarray(0, size), r * size);
          const states = behind({ ...others, data }, start);
          const past = start > 0 ? { past: firstPositions(keyValue!, start) } : {};
          const output = (await decoder.block(0, states, { ids, start, ...past })).states.data;
          const rowAt = (r: number): Float32Array =>
            output.subarray((r * output.length) / rows, ((r + 1) * output.length) / rows);
          for (let r = 2; r < rows; r += 2) expect(isEqual(rowAt(r), rowAt(0))).toBe(true);
        }
      }
    }
  });

  test("rows behind a shared prefix equal the same rows as whole prompts, in every block", async () => {
    const random = randomOf(7);
    let worst = 0;
    for (const [length, start, rows] of [
      [2, 1, 1],
      [3, 2, 4],
      [9, 3, 2],
      [17, 16, 3],
      [40, 11, 3],
      [33, 32, 1],
    ] as const) {
      const ids = promptOf(length, random);
      let unpatched = await decoder.embed(ids);
      for (let k = 0; k < decoder.info.blocks; k++) {
        const whole = await decoder.block(k, unpatched, { ids, start: 0, recordKeyValue: true });
        const states = rowsOf(unpatched, rows, start, random);
        const expected = await decoder.block(k, states, { ids, start: 0 });
        const past = firstPositions(whole.keyValue!, start);
        const actual = await decoder.block(k, behind(states, start), { ids, start, past });
        const distance = maxRelativeDifference(actual.states.data, behind(expected.states, start).data);
        worst = Math.max(worst, distance);
        expect(distance, `block ${k}, ${length} tokens, ${start} shared`).toBeLessThan(tolerance);
        unpatched = whole.states;
      }
    }
    if (process.env.STATE_SWAP_MEASURE) console.log(`prefix ${fixture.name} ${worst}`);
  });

  test("each row may stand behind a prefix of its own", async () => {
    const random = randomOf(11);
    const [length, start, rows] = [8, 5, 3];
    const ids = promptOf(length, random);
    const unpatched = await decoder.embed(ids);
    for (let k = 0; k < decoder.info.blocks; k++) {
      const states = rowsOf(unpatched, rows, 0, random);
      const expected = await decoder.block(k, states, { ids, start: 0 });
      const size = length * states.width;
      const pasts: KeyValue[] = [];
      for (let r = 0; r < rows; r++) {
        const row = { ...unpatched, data: states.data.slice(r * size, (r + 1) * size) };
        const { keyValue } = await decoder.block(k, row, { ids, start: 0, recordKeyValue: true });
        pasts.push(firstPositions(keyValue!, start));
      }
      const past = stacked(pasts);
      const actual = await decoder.block(k, behind(states, start), { ids, start, past });
      expect(maxRelativeDifference(actual.states.data, behind(expected.states, start).data)).toBeLessThan(
        tolerance,
      );
    }
  });

  test("records keys and values of all positions, the prefix's included, and makes them of states alone", async () => {
    const random = randomOf(13);
    const [length, start] = [10, 4];
    const ids = promptOf(length, random);
    let unpatched = await decoder.embed(ids);
    for (let k = 0; k < decoder.info.blocks; k++) {
      const whole = await decoder.block(k, unpatched, { ids, start: 0, recordKeyValue: true });
      const recorded = whole.keyValue!;
      expect(recorded).toMatchObject({ rows: 1, positions: length });
      expect(recorded.key.length).toBe(recorded.heads * length * recorded.headWidth);
      expect(recorded.value.length).toBe(recorded.key.length);

      const two = rowsOf(unpatched, 2, start, random);
      const past = firstPositions(recorded, start);
      const part = await decoder.block(k, behind(two, start), { ids, start, past, recordKeyValue: true });
      expect(part.keyValue).toMatchObject({ rows: 1, positions: length });
      expect(maxRelativeDifference(part.keyValue!.key, recorded.key)).toBeLessThan(tolerance);
      expect(maxRelativeDifference(part.keyValue!.value, recorded.value)).toBeLessThan(tolerance);

      const made = await decoder.keyValue(k, behind(two, start), start, two.positions);
      expect(made).toMatchObject({ rows: 2, heads: recorded.heads, positions: length - start });
      const expected = keysBehind(recorded, start);
      const size = expected.key.length;
      expect(maxRelativeDifference(made.key.subarray(0, size), expected.key)).toBeLessThan(tolerance);
      expect(maxRelativeDifference(made.value.subarray(0, size), expected.value)).toBeLessThan(tolerance);
      expect(maxRelativeDifference(made.value.subarray(size), expected.value)).toBeGreaterThan(
        10 * tolerance,
      );
      unpatched = whole.states;
    }
  });

  test("sweeps that share equal sweeps that do not: one state, several, and frozen ones", async () => {
    const random = randomOf(17);
    const ids = promptOf(21, random);
    const plain = unshared(decoder);
    const { blocks, width } = decoder.info;
    const noise = Float32Array.from({ length: ids.length * width }, () => random() - 0.5);
    const rowAt = (k: number, positions: readonly number[], holds: boolean): PatchedRow => ({
      k,
      seed: null,
      positions,
      holds,
      skipsAttention: false,
      vectors: (replaced) => ({ ...replaced, data: replaced.data.map((value, i) => value + noise[i]!) }),
    });
    const run = async (of: DecoderModel, rows: readonly PatchedRow[]): Promise<BatchOutput> =>
      runPatchedRows(of, await runUnpatched(of, ids, uncancelled()), rows, uncancelled());
    const early = ids.slice(0, -1).map((_, i) => i);
    for (const [positions, holds] of [
      [[14], false],
      [[20], false],
      [[6, 7, 19], false],
      [early, true],
      [[3, 4, 5], true],
    ] as const) {
      const rows = Array.from({ length: blocks }, (_, k) => rowAt(k, positions, holds));
      const [shared, whole] = [await run(decoder, rows), await run(plain, rows)];
      for (const [i, { logits }] of shared.rows.entries())
        expect(maxRelativeDifference(logits, whole.rows[i]!.logits)).toBeLessThan(10 * tolerance);
    }
  });
});

describe("a sliding window that a trial at load cannot reach", () => {
  const windowed = fixtures.filter(({ name }) => /^(mistral|qwen2)__(past|genai_fp32)$/.test(name));

  test.each(windowed)(
    "$name makes the masks of the whole prompt, or leaves them to its operator",
    async (fixture) => {
      const config = { ...readConfig(fixture), sliding_window: 32, use_sliding_window: true };
      const file = path.join(fixture.folder, readGolden(fixture).model_file);
      const decoder = await openOnnxDecoder({ file, config, runtime: testRuntime(1) });
      const expected = fixture.name.includes("genai") ? CACHE : PROJECTIONS;
      expect(decoder.info.notes.filter((note) => note.startsWith("shared prefix"))).toEqual([expected]);
      await decoder.close();
    },
  );
});
