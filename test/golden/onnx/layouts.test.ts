/** Decoders in the layouts of other exporters against PyTorch: embeddings in a file of their own, merged branches. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { estimateModel } from "../../../src/engine/estimate.ts";
import { maxAbsDifference } from "../../../src/engine/difference.ts";
import { openOnnxDecoder } from "../../../src/engine/model/onnx/onnx-decoder.ts";
import { selfTest } from "../../../src/engine/self-test.ts";
import { rejectionOf } from "../../support/error-of.ts";
import { mergeBranches, splitEmbeddings, withFurtherInput } from "../../support/models/onnx-rewritten.ts";
import type { Fixture, Golden } from "../../support/models/fixtures.ts";
import { onnxFixtures, readConfig, readGolden, toleranceOf } from "../../support/models/fixtures.ts";
import { naiveRun } from "../../support/properties/naive-oracle.ts";
import { testRuntime } from "../../support/runtime.ts";

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-layouts-"));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

const fixtureOf = (name: string): Fixture => onnxFixtures().find((fixture) => fixture.name === name)!;
const fileOf = ({ folder: at }: Fixture, { model_file }: Golden): string => path.join(at, model_file);

/** Hidden states' shape, self-test, baseline and sweep of the golden. */
async function expectGolden(file: string, fixture: Fixture): Promise<void> {
  const golden = readGolden(fixture);
  const tolerance = toleranceOf(fixture.name, golden).logits;
  const decoder = await openOnnxDecoder({ file, config: readConfig(fixture), runtime: testRuntime(1) });
  try {
    const { hidden_size: width, n_layers: blocks } = golden;
    expect(decoder.info).toMatchObject({ blocks, width });
    expect((await selfTest(decoder)).result).toMatchObject({ passed: true, identity: 0 });
    const source = await naiveRun(decoder, golden.source.input_ids);
    const [target] = golden.targets;
    for (const row of golden.lossy ? target!.ort_cut_sweep! : target!.sweep) {
      const at = golden.source.spos * width;
      const data = source.hidden[row.k]!.slice(at, at + width);
      const patch = { k: row.k, positions: [target!.tpos], vectors: { data, rows: 1, width } };
      const { logits } = await naiveRun(decoder, target!.input_ids, patch);
      expect(maxAbsDifference(logits, row.logits)).toBeLessThan(tolerance);
    }
  } finally {
    await decoder.close();
  }
}

describe.each(["llama__past", "llama_tied__past", "qwen2__fp16io", "llama__fp16", "llama__q4"])(
  "%s with its embeddings in a file of their own",
  (name) => {
    const fixture = fixtureOf(name);
    const golden = readGolden(fixture);

    test("is the same decoder", async () => {
      const { decoder } = splitEmbeddings(fileOf(fixture, golden), folder);
      await expectGolden(decoder, fixture);
    });

    test("takes the memory of both files", () => {
      const { decoder, embeddings } = splitEmbeddings(fileOf(fixture, golden), folder);
      const { fileBytes } = estimateModel(decoder, null);
      expect(fileBytes).toBe(fs.statSync(decoder).size + fs.statSync(embeddings).size);
    });
  },
);

test("a decoder whose embeddings are not beside it is refused with the name of the file", async () => {
  const fixture = fixtureOf("llama__past");
  const { decoder, embeddings } = splitEmbeddings(fileOf(fixture, readGolden(fixture)), folder);
  fs.rmSync(embeddings);
  const error = await rejectionOf(openOnnxDecoder({ file: decoder, config: null, runtime: testRuntime(1) }));
  expect(error).toMatchObject({ code: "unsupported-model" });
  expect(error.hint).toContain("embed_tokens.onnx");
});

test("a decoder that reads an encoder is refused with the input that says so", async () => {
  const fixture = fixtureOf("llama__past");
  const file = path.join(folder, "decoder_model.onnx");
  withFurtherInput(fileOf(fixture, readGolden(fixture)), file, "encoder_hidden_states");
  const error = await rejectionOf(openOnnxDecoder({ file, config: null, runtime: testRuntime(1) }));
  expect(error).toMatchObject({ code: "unsupported-model" });
  expect(error.message).toContain("encoder-decoder model");
  expect(error.message).toContain("encoder_hidden_states");
});

test("of merged branches the one without a cache runs", async () => {
  const plain = fixtureOf("gpt2__nopast");
  const cached = fixtureOf("gpt2__past");
  const file = path.join(folder, "decoder_model_merged.onnx");
  mergeBranches(fileOf(plain, readGolden(plain)), fileOf(cached, readGolden(cached)), file);
  await expectGolden(file, plain);
});
