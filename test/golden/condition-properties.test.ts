/** The invariants over all conditions, on fixtures of real exporters: both back ends, two attention styles, two families. */
import * as path from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import type { DecoderModel } from "../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../src/engine/model/gguf/gguf-decoder.ts";
import { testRuntime } from "../support/runtime.ts";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import { openOnnxDecoder } from "../../src/engine/model/onnx/onnx-decoder.ts";
import { answerProperties } from "../support/properties/answer-properties.ts";
import { conditionProperties } from "../support/properties/properties.ts";
import { staircaseProperties } from "../support/properties/staircase-properties.ts";

const fixtures = path.join(import.meta.dirname, "../fixtures");

/** Random states lie far from those of text, and rounding grows more there. */
const EFFORT = { runs: 12, longest: 7, tolerance: 1e-4 };

describe.each(["llama__genai_fp32", "gpt2__past", "gpt_neox__past", "gguf_llama__Q8_0"])("%s", (name) => {
  let decoder: DecoderModel;
  beforeAll(async () => {
    decoder = await open(name);
  });
  afterAll(() => decoder.close());

  conditionProperties(() => decoder, EFFORT);
  answerProperties(() => decoder, { ...EFFORT, runs: 5, longest: 5 });
  staircaseProperties(() => decoder, EFFORT);
});

async function open(name: string): Promise<DecoderModel> {
  const folder = path.join(fixtures, name);
  if (name.startsWith("gguf")) {
    return openGgufDecoder({ gguf: readGguf(path.join(folder, "model.gguf")), runtime: testRuntime(1) });
  }
  const { readConfig, readGolden } = await import("../support/models/fixtures.ts");
  const fixture = { name, folder };
  const file = path.join(folder, readGolden(fixture).model_file);
  return openOnnxDecoder({ file, config: readConfig(fixture), runtime: testRuntime(1) });
}
