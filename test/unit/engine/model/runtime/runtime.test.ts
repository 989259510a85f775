/** The seam for runtimes: one that cannot map files gives the same bits, and back ends ask for nothing else. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { DecoderModel } from "../../../../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../../../../src/engine/model/gguf/gguf-decoder.ts";
import { readGguf } from "../../../../../src/engine/model/gguf/reader.ts";
import { openOnnxDecoder } from "../../../../../src/engine/model/onnx/onnx-decoder.ts";
import { testRuntime } from "../../../../support/runtime.ts";
import type { Runtime, SessionSettings } from "../../../../../src/engine/model/runtime/runtime.ts";
import { tinyDecoder } from "../../../../support/gguf/gguf-random.ts";
import { gguf, temporaryFile } from "../../../../support/gguf/gguf-writer.ts";

const EMBEDDED = path.resolve(import.meta.dirname, "../../../../../media/models/countries-2m");
const IDS = [3, 1, 4, 1, 5];

/** The native runtime as one without files, and what sessions were asked to find in them. */
function withoutFiles(): { runtime: Runtime; folders: (string | undefined)[] } {
  const native = testRuntime(1);
  const folders: SessionSettings["externalFolder"][] = [];
  const runtime: Runtime = {
    ...native,
    mapsFiles: false,
    createSession: (model, settings) => {
      folders.push(settings.externalFolder);
      return native.createSession(model, settings);
    },
  };
  return { runtime, folders };
}

/** Logits of the prompt's last position, block by block. */
async function logitsOf(decoder: DecoderModel): Promise<Float32Array> {
  onTestFinished(async () => decoder.close());
  let states = await decoder.embed(IDS);
  for (let k = 0; k < decoder.info.blocks; k++)
    states = (await decoder.block(k, states, { ids: IDS, start: 0 })).states;
  const last = states.data.slice(-states.width);
  return (await decoder.logits({ data: last, rows: 1, width: states.width })).data;
}

describe("a runtime that cannot map files", () => {
  it("gets an ONNX file's weights in memory", async () => {
    const file = path.join(EMBEDDED, "onnx/model.onnx");
    const config = JSON.parse(fs.readFileSync(path.join(EMBEDDED, "config.json"), "utf8")) as Record<
      string,
      unknown
    >;
    const { runtime, folders } = withoutFiles();
    const mapped = await logitsOf(await openOnnxDecoder({ file, config, runtime: testRuntime(1) }));
    const copied = await logitsOf(await openOnnxDecoder({ file, config, runtime }));
    expect(copied).toEqual(mapped);
    expect(folders.every((folder) => folder === undefined)).toBe(true);
  });

  it.each(["F32", "F16", "Q4_0"] as const)("gets a GGUF's %s weights in memory", async (type) => {
    const { metadata, tensors } = tinyDecoder({ type: () => type });
    const read = readGguf(temporaryFile(gguf(metadata, tensors)));
    const { runtime, folders } = withoutFiles();
    const mapped = await logitsOf(await openGgufDecoder({ gguf: read, runtime: testRuntime(1) }));
    const copied = await logitsOf(await openGgufDecoder({ gguf: read, runtime }));
    expect(copied).toEqual(mapped);
    expect(folders.every((folder) => folder === undefined)).toBe(true);
  });
});
