/** Graphs for a runtime that lacks operators: the same numbers within rounding, with and without a past, in one row and in several. */
import { expect, it, onTestFinished } from "vitest";
import { maxAbsDifference } from "../../../../../src/engine/difference.ts";
import type { DecoderModel } from "../../../../../src/engine/model/decoder.ts";
import { DEEPSEEK2 } from "../../../../../src/engine/model/gguf/families/deepseek2.ts";
import { openGgufDecoder } from "../../../../../src/engine/model/gguf/gguf-decoder.ts";
import { readGguf } from "../../../../../src/engine/model/gguf/reader.ts";
import { firstPositions } from "../../../../../src/engine/pass/unpatched-run.ts";
import type { TinyOptions } from "../../../../support/gguf/gguf-random.ts";
import { tinyDecoder } from "../../../../support/gguf/gguf-random.ts";
import { gguf, temporaryFile } from "../../../../support/gguf/gguf-writer.ts";
import { testRuntime } from "../../../../support/runtime.ts";

const IDS = [3, 1, 4, 1, 5];
const PAST = 2;
const ROUNDING = 1e-5;

/** Block 0 with its keys and values, the same block behind a past in two rows, and logits. */
async function numbersOf(decoder: DecoderModel): Promise<readonly Float32Array[]> {
  onTestFinished(async () => decoder.close());
  const states = await decoder.embed(IDS);
  const { width } = states;
  const whole = await decoder.block(0, states, { ids: IDS, start: 0, recordKeyValue: true });
  const past = firstPositions(whole.keyValue!, PAST);
  const behind = states.data.slice(PAST * width);
  const data = new Float32Array(2 * behind.length);
  data.set(behind);
  data.set(
    behind.map((value) => -value),
    behind.length,
  );
  const rows = { data, rows: 2, positions: IDS.length - PAST, width };
  const context = { ids: IDS, start: PAST, past, recordKeyValue: true };
  const suffix = await decoder.block(0, rows, context);
  const logits = await decoder.logits({ data: whole.states.data, rows: IDS.length, width });
  return [
    whole.states.data,
    whole.keyValue!.key,
    suffix.states.data,
    suffix.keyValue!.key,
    suffix.keyValue!.value,
    logits.data,
  ];
}

it.each<[string, TinyOptions]>([
  ["F32 weights", {}],
  ["F16 weights", { type: () => "F16" }],
  ["Q4_0 weights", { type: () => "Q4_0" }],
  ["Q8_0 weights", { type: () => "Q8_0" }],
  [
    "latent attention, values narrower than keys",
    { family: DEEPSEEK2, headWidth: 40, latent: { rank: 32, valueWidth: 16 } },
  ],
])("of %s", async (_, options) => {
  const { metadata, tensors } = tinyDecoder(options);
  const file = readGguf(temporaryFile(gguf(metadata, tensors)));
  const usual = await numbersOf(await openGgufDecoder({ gguf: file, runtime: testRuntime(1) }));
  const lacks = new Set(["Attention", "FusedMatMul"]);
  const spelled = await numbersOf(
    await openGgufDecoder({ gguf: file, runtime: { ...testRuntime(1), lacks } }),
  );
  for (const [i, numbers] of spelled.entries())
    expect(maxAbsDifference(numbers, usual[i]!), `output ${i}`).toBeLessThan(ROUNDING);
});
