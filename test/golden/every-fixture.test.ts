/**
 * Every condition on every fixture and on SmolLM2: shared passes against one whole pass for each row (docs/invariants.md, G4). Within rounding
 * for ONNX graphs, to the last bit for GGUF files, where no product runs on a single row.
 */
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxAbsDifference } from "../../src/engine/difference.ts";
import type { Condition } from "../../src/shared/condition/condition.ts";
import { smallestK } from "../../src/shared/condition/condition.ts";
import type { DecoderModel } from "../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../src/engine/model/gguf/gguf-decoder.ts";
import { testRuntime } from "../support/runtime.ts";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import { openOnnxDecoder } from "../../src/engine/model/onnx/onnx-decoder.ts";
import { planRows } from "../../src/engine/intervene/planned-rows.ts";
import { batchesOf } from "../../src/engine/pass/batches.ts";
import { runUnpatched } from "../../src/engine/pass/unpatched-run.ts";
import { uncancelled } from "../../src/engine/pass/control.ts";
import { promptGround } from "../../src/engine/pass/batch-layout.ts";
import { runPatchedRows } from "../../src/engine/pass/staircase.ts";
import { conditionsOn } from "../support/properties/conditions-on.ts";
import { naiveCondition } from "../support/properties/condition-oracle.ts";
import type { Fixture } from "../support/models/fixtures.ts";
import { ggufFixtures, onnxFixtures, readConfig, readGolden } from "../support/models/fixtures.ts";
import { missing, modelFile, readCases } from "../support/models/smollm2-goldens.ts";

/** What is run on. */
interface Subject {
  readonly decoder: DecoderModel;
  readonly target: readonly number[];
  readonly source: readonly number[];
  readonly position: number;
}

/** Largest difference of any logit of any row; k of every `stride`th block are compared. */
async function largestDifference(
  { decoder, target, source }: Subject,
  condition: Condition,
  stride = 1,
): Promise<number> {
  const { info } = decoder;
  const layers = { from: smallestK(condition.kind), to: info.blocks - 1 };
  const unpatched = await runUnpatched(decoder, target, uncancelled());
  const planned = planRows(condition, layers, {
    unpatched,
    source: await runUnpatched(decoder, source, uncancelled()),
  });
  let largest = 0;
  for (const batch of batchesOf(planned, promptGround({ ids: target }, info), info)) {
    const { rows } = await runPatchedRows(decoder, unpatched, batch, uncancelled());
    for (const [i, { k, seed }] of batch.entries()) {
      if ((k - layers.from) % stride !== 0) continue;
      const oracle = await naiveCondition(decoder, target, source, condition, k, seed ?? 0);
      largest = Math.max(largest, maxAbsDifference(rows[i]!.logits, oracle.logits));
    }
  }
  return largest;
}

function subjectOf(decoder: DecoderModel, fixture: Fixture): Subject {
  const { source, targets } = readGolden(fixture);
  const [{ input_ids: target, tpos }] = targets as [(typeof targets)[number]];
  return { decoder, target, source: source.input_ids, position: tpos };
}

describe.each(onnxFixtures())("$name", (fixture) => {
  let decoder: DecoderModel;
  beforeAll(async () => {
    const file = path.join(fixture.folder, readGolden(fixture).model_file);
    decoder = await openOnnxDecoder({ file, config: readConfig(fixture), runtime: testRuntime(1) });
  });
  afterAll(() => decoder.close());

  test("every condition equals whole passes within rounding", async () => {
    const subject = subjectOf(decoder, fixture);
    const half = decoder.info.precision === "half";
    for (const condition of conditionsOn(subject.target.length, subject.source.length, subject.position)) {
      const tolerance = half ? 5e-2 : 1e-4;
      expect(await largestDifference(subject, condition), condition.kind).toBeLessThan(tolerance);
    }
  });
});

describe.each(ggufFixtures())("$name", (fixture) => {
  let decoder: DecoderModel;
  beforeAll(async () => {
    const file = path.join(fixture.folder, "model.gguf");
    decoder = await openGgufDecoder({ gguf: readGguf(file), runtime: testRuntime(1) });
  });
  afterAll(() => decoder.close());

  test("every condition equals whole passes to the last bit", async () => {
    const subject = subjectOf(decoder, fixture);
    for (const condition of conditionsOn(subject.target.length, subject.source.length, subject.position)) {
      expect(await largestDifference(subject, condition), condition.kind).toBe(0);
    }
  });
});

describe.skipIf(missing.length > 0)("SmolLM2-135M-Instruct Q4_1", () => {
  const [golden] = readCases();
  let decoder: DecoderModel;
  beforeAll(async () => {
    decoder = await openGgufDecoder({ gguf: readGguf(modelFile), runtime: testRuntime(2) });
  });
  afterAll(() => decoder.close());

  test("every condition equals whole passes to the last bit, at every sixth block", async () => {
    const { target_ids: target, source_ids: source, target_position: position } = golden!;
    for (const condition of conditionsOn(target.length, source.length, position)) {
      expect(
        await largestDifference({ decoder, target, source, position }, condition, 6),
        condition.kind,
      ).toBe(0);
    }
  });
});
