/**
 * States that stay on a device between blocks, on one that is a part of this machine: the invariants hold, rows are those of a
 * batch on the host, and nothing stays behind. `webgpu.test.ts` runs the same on a real one, where that is at hand.
 */
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planRows } from "../../src/engine/intervene/planned-rows.ts";
import type { DecoderModel } from "../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../src/engine/model/gguf/gguf-decoder.ts";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import { openOnnxDecoder } from "../../src/engine/model/onnx/onnx-decoder.ts";
import type { BatchOutput } from "../../src/engine/pass/batch-output.ts";
import { newMeter, uncancelled } from "../../src/engine/pass/control.ts";
import { runPatchedRows } from "../../src/engine/pass/staircase.ts";
import { runUnpatched } from "../../src/engine/pass/unpatched-run.ts";
import type { Condition } from "../../src/shared/condition/condition.ts";
import { smallestK } from "../../src/shared/condition/condition.ts";
import type { DeviceRuntime } from "../support/device-runtime.ts";
import { deviceRuntime } from "../support/device-runtime.ts";
import { readConfig, readGolden } from "../support/models/fixtures.ts";
import { conditionsOn } from "../support/properties/conditions-on.ts";
import { conditionProperties } from "../support/properties/properties.ts";
import { staircaseProperties, withBlock } from "../support/properties/staircase-properties.ts";

const fixtures = path.join(import.meta.dirname, "../fixtures");
const EFFORT = { runs: 8, longest: 7, tolerance: 1e-4 };
const TARGET = [3, 1, 4, 1, 5];
const SOURCE = [2, 7];

// Prefixes through a cache, prepended, none at all, and GGUF, which leaves out positions in the last block.
describe.each(["llama__genai_fp32", "gpt2__past", "gpt2__nopast", "gguf_llama__Q8_0"])("%s", (name) => {
  let device: DeviceRuntime;
  let decoder: DecoderModel;
  beforeAll(async () => {
    device = deviceRuntime();
    decoder = await open(name, device);
  });
  afterAll(() => decoder.close());

  const rowsOf = async (
    of: DecoderModel,
    condition: Condition,
    control = uncancelled(),
  ): Promise<BatchOutput> => {
    const unpatched = await runUnpatched(of, TARGET, uncancelled());
    const source = await runUnpatched(of, SOURCE, uncancelled());
    const layers = { from: smallestK(condition.kind), to: of.info.blocks };
    return runPatchedRows(of, unpatched, planRows(condition, layers, { unpatched, source }), control);
  };

  test("every condition is on the device what it is on the host", async () => {
    const onHost = { ...withBlock(decoder, decoder.block.bind(decoder)), device: null };
    for (const condition of conditionsOn(TARGET.length, SOURCE.length, 2)) {
      expect(await rowsOf(decoder, condition), condition.kind).toEqual(await rowsOf(onHost, condition));
      expect(device.live()).toBe(0);
    }
  });

  test("a run that is cancelled leaves nothing on the device", async () => {
    const abort = new AbortController();
    const { states, block } = decoder.device!;
    let seen = 0;
    const cancelling: DecoderModel = {
      ...withBlock(decoder, decoder.block.bind(decoder)),
      device: {
        states,
        block: (...args) => {
          if (++seen === 2) abort.abort();
          return block(...args);
        },
      },
    };
    const [condition] = conditionsOn(TARGET.length, SOURCE.length, 2);
    const run = rowsOf(cancelling, condition!, { signal: abort.signal, meter: newMeter() });
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    expect(seen).toBe(2);
    expect(device.live()).toBe(0);
  });

  conditionProperties(() => decoder, EFFORT);
  staircaseProperties(() => decoder, EFFORT);
});

async function open(name: string, { runtime }: DeviceRuntime): Promise<DecoderModel> {
  const folder = path.join(fixtures, name);
  if (name.startsWith("gguf"))
    return openGgufDecoder({ gguf: readGguf(path.join(folder, "model.gguf")), runtime });
  const fixture = { name, folder };
  const file = path.join(folder, readGolden(fixture).model_file);
  return openOnnxDecoder({ file, config: readConfig(fixture), runtime });
}
