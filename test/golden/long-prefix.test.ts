/** Sweeps behind a long prefix, which rows read where it lies: equal to whole passes, and an identity patch still changes nothing. */
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxAbsDifference } from "../../src/engine/difference.ts";
import type { Condition } from "../../src/shared/condition/condition.ts";
import { planRows } from "../../src/engine/intervene/planned-rows.ts";
import type { DecoderModel } from "../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../src/engine/model/gguf/gguf-decoder.ts";
import { testRuntime } from "../support/runtime.ts";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import type { BatchOutput } from "../../src/engine/pass/batch-output.ts";
import { runPatchedRows } from "../../src/engine/pass/staircase.ts";
import { runUnpatched } from "../../src/engine/pass/unpatched-run.ts";
import { newMeter, uncancelled } from "../../src/engine/pass/control.ts";
import { naiveCondition } from "../support/properties/condition-oracle.ts";
import { ggufFixtures } from "../support/models/fixtures.ts";

const LENGTH = 300;
const SOURCE = [1, 2, 3];

/** Without those that have learned fewer positions. */
const fixtures = ggufFixtures().filter(({ folder }) => {
  const learned = readGguf(path.join(folder, "model.gguf")).tensors.get("position_embd.weight");
  return !learned || learned.dims[1]! >= LENGTH;
});

describe.each(fixtures)("$name", (fixture) => {
  let decoder: DecoderModel;
  let target: readonly number[];
  beforeAll(async () => {
    const gguf = readGguf(path.join(fixture.folder, "model.gguf"));
    decoder = await openGgufDecoder({ gguf, runtime: testRuntime(1) });
    target = Array.from({ length: LENGTH }, (_, i) => (i * 7) % decoder.info.vocab);
  });
  afterAll(() => decoder.close());

  async function sweep(condition: Condition): Promise<BatchOutput> {
    const [unpatched, source] = [
      await runUnpatched(decoder, target, uncancelled()),
      await runUnpatched(decoder, SOURCE, uncancelled()),
    ];
    const rows = planRows(condition, { from: 0, to: decoder.info.blocks - 1 }, { unpatched, source });
    return runPatchedRows(decoder, unpatched, rows, uncancelled());
  }

  test.each([280, LENGTH - 1])("a swap at position %i equals whole passes", async (position) => {
    const pairs = [{ target: position, source: [2] }];
    const condition: Condition = { kind: "swap", align: null, pairs, sourceLayer: null, strength: 1 };
    const { rows } = await sweep(condition);
    for (const [k, { logits }] of rows.entries()) {
      const oracle = await naiveCondition(decoder, target, SOURCE, condition, k);
      expect(maxAbsDifference(logits, oracle.logits)).toBeLessThan(1e-4);
    }
  });

  test("an identity patch changes no bit of the unpatched prompt", async () => {
    const { unpatched, rows } = await sweep({ kind: "identity", positions: [290, 299] });
    for (const { logits } of rows) expect(logits).toEqual(unpatched.logits);
  });

  test("an unpatched row goes along, which is counted", async () => {
    const unpatched = await runUnpatched(decoder, target, uncancelled());
    const control = { signal: new AbortController().signal, meter: newMeter() };
    const rows = planRows(
      { kind: "zero", positions: [LENGTH - 1], strength: 1 },
      { from: 0, to: 0 },
      {
        unpatched,
        source: null,
      },
    );
    await runPatchedRows(decoder, unpatched, rows, control);
    expect(control.meter.blockTokens).toBe(2 * decoder.info.blocks);
  });
});
