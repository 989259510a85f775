/** How tests open and run random tiny GGUF decoders. */
import { onTestFinished } from "vitest";

import type { DecoderModel, KeyValue, States } from "../../../src/engine/model/decoder.ts";
import type { Family } from "../../../src/engine/model/gguf/families/family.ts";
import { openGgufDecoder } from "../../../src/engine/model/gguf/gguf-decoder.ts";
import { testRuntime } from "../runtime.ts";
import { readGguf } from "../../../src/engine/model/gguf/reader.ts";
import type { TinyOptions } from "./gguf-random.ts";
import { tinyDecoder } from "./gguf-random.ts";
import { gguf, temporaryFile } from "./gguf-writer.ts";

/** Opens a random decoder; closed when the test ends. */
export async function open(options: TinyOptions, threads: 1 | 2 = 1): Promise<DecoderModel> {
  const { metadata, tensors } = tinyDecoder(options);
  return openFile(temporaryFile(gguf(metadata, tensors)), threads, options.family);
}

/** Opens a file; closed when the test ends. */
export async function openFile(file: string, threads: 1 | 2 = 1, family?: Family): Promise<DecoderModel> {
  const decoder = await openGgufDecoder({
    gguf: readGguf(file),
    runtime: testRuntime(threads),
    ...(family ? { families: [family] } : {}),
  });
  onTestFinished(async () => decoder.close());
  return decoder;
}

/** Inputs of all blocks and the last block's output, and keys and values by block. */
export async function run(
  decoder: DecoderModel,
  ids: readonly number[],
): Promise<{ states: States[]; keyValues: KeyValue[] }> {
  const states = [await decoder.embed(ids)];
  const keyValues: KeyValue[] = [];
  for (let k = 0; k < decoder.info.blocks; k++) {
    const output = await decoder.block(k, states.at(-1)!, { ids, start: 0, recordKeyValue: true });
    states.push(output.states);
    keyValues.push(output.keyValue!);
  }
  return { states, keyValues };
}

/** Types mixed as in files of the kind Q4_K_M. */
export const mixed: TinyOptions = {
  width: 256,
  heads: 4,
  keyValueHeads: 2,
  feedForward: 512,
  type: (name) => (/attn_v|ffn_down|^output/.test(name) ? "Q6_K" : "Q4_K"),
};
