/** SmolLM2-135M-Instruct (Q4_1 blocks, Q8_0 head) against plain PyTorch hooks on the dequantised weights. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Condition } from "../../../src/shared/condition/condition.ts";
import { planRows } from "../../../src/engine/intervene/planned-rows.ts";
import type { DecoderModel } from "../../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../../src/engine/model/gguf/gguf-decoder.ts";
import { testRuntime } from "../../support/runtime.ts";
import { readGguf } from "../../../src/engine/model/gguf/reader.ts";
import { runUnpatched } from "../../../src/engine/pass/unpatched-run.ts";
import { stateAt } from "../../../src/engine/states.ts";
import { uncancelled } from "../../../src/engine/pass/control.ts";
import { runPatchedRows } from "../../../src/engine/pass/staircase.ts";
import { argmax, norm, row } from "../../../src/engine/matrix.ts";
import { naiveRun } from "../../support/properties/naive-oracle.ts";
import { expectOutcome, missing, modelFile, readCases } from "../../support/models/smollm2-goldens.ts";

const cases = readCases();

/** The sweeps reach 5e-5. */
const sweepTolerance = 2e-4;
describe.skipIf(missing.length > 0)("SmolLM2-135M-Instruct Q4_1", () => {
  let decoder: DecoderModel;
  let width: number;
  let blocks: number;

  beforeAll(async () => {
    decoder = await openGgufDecoder({ gguf: readGguf(modelFile), runtime: testRuntime(2) });
    ({ width, blocks } = decoder.info);
  });
  afterAll(async () => decoder.close());

  test("the model says what it is, and its self-test is exact", async () => {
    expect(decoder.info).toMatchObject({ architecture: "llama", blocks: 30, width: 576, vocab: 49_152 });
    expect(decoder.info.numeric).toBe("q4_1 + q8_0, exact (fp32 sums)");
    expect((await decoder.compareWithWhole()).maxAbsDiff).toBeLessThan(5e-6);
  });

  test.each(cases.map((_, i) => i))("case %i: baseline, source run and sweep", async (number) => {
    const golden = cases[number]!;
    expectOutcome((await naiveRun(decoder, golden.target_ids)).logits, golden.baseline, sweepTolerance);
    const source = await naiveRun(decoder, golden.source_ids);
    expectOutcome(source.logits, golden.source_run, sweepTolerance);
    expect(golden.sweep.length).toBe(blocks);
    for (const [k, outcome] of golden.sweep.entries()) {
      const vector = row({ data: source.hidden[k]!, rows: 0, width }, golden.source_position);
      const patch = { k, positions: [golden.target_position], vectors: { data: vector, rows: 1, width } };
      expectOutcome((await naiveRun(decoder, golden.target_ids, patch)).logits, outcome, sweepTolerance);
    }
  });

  test("case 0: hidden states", async () => {
    const golden = cases[0]!;
    const { hidden } = await naiveRun(decoder, golden.target_ids);
    for (const [k, norms] of golden.hidden_norms!.entries()) {
      const states = { data: hidden[k]!, rows: norms.length, width };
      for (const [position, expected] of norms.entries()) {
        expect(Math.abs(norm(row(states, position)) - expected)).toBeLessThan(1e-4 * expected);
      }
      const state = row(states, golden.target_position);
      for (const [i, expected] of golden.hidden_at_target_position_first8![k]!.entries()) {
        expect(Math.abs(state[i]! - expected)).toBeLessThan(1e-4 * norms[golden.target_position]!);
      }
    }
  });

  test("case 0: grid of all positions and blocks, and sharing prefixes changes no bit", async () => {
    const golden = cases[0]!;
    const ids = golden.target_ids;
    const unpatched = await runUnpatched(decoder, ids, uncancelled());
    const source = await runUnpatched(decoder, golden.source_ids, uncancelled());
    for (const position of ids.keys()) {
      const pairs = [{ target: position, source: [golden.source_position] }];
      const condition: Condition = { kind: "swap", align: null, pairs, sourceLayer: null, strength: 1 };
      const rows = planRows(condition, { from: 0, to: blocks - 1 }, { unpatched, source });
      const { rows: outputs } = await runPatchedRows(decoder, unpatched, rows, uncancelled());
      expect(outputs.map(({ logits }) => argmax(logits))).toEqual(
        golden.grid_argmax!.map((entry) => entry[position]),
      );
      const k = (position * 7) % blocks;
      const vectors = { data: stateAt(source, k, golden.source_position), rows: 1, width };
      const naive = await naiveRun(decoder, ids, { k, positions: [position], vectors });
      expect(naive.logits).toEqual(outputs[k]!.logits);
    }
    expect(golden.grid_argmax!.length).toBe(blocks);
  });
});
