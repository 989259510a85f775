/** Memory: what a header says a model will take, and what is done about it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ENGINE_BYTES } from "../../../../src/engine/model/memory.ts";
import { estimateModel } from "../../../../src/engine/estimate.ts";
import { openModel } from "../../../../src/engine/open.ts";
import { EngineClient } from "../../../../src/engine/client/engine-client.ts";
import { EngineSupervisor } from "../../../../src/extension/engine/supervisor.ts";
import { judge, refusal } from "../../../../src/extension/models/admission.ts";
import { ggufMemory, onnxMemory } from "../../../../src/engine/discovery/rough-memory.ts";
import { sizeText } from "../../../../src/shared/text/format.ts";
import { openGgufDecoder } from "../../../../src/engine/model/gguf/gguf-decoder.ts";
import { readGguf } from "../../../../src/engine/model/gguf/reader.ts";
import { tinyDecoder } from "../../../support/gguf/gguf-random.ts";
import { familyOf } from "../../../support/gguf/family-files.ts";
import { residentBytes } from "../../../../src/engine/model/gguf/packing.ts";
import { elementCount } from "../../../../src/engine/model/gguf/tensor-source.ts";
import { gguf, temporaryFile } from "../../../support/gguf/gguf-writer.ts";
import { LATENT_FILES } from "../../../support/gguf/latent-files.ts";
import { testRuntime } from "../../../support/runtime.ts";
import { memoryNow } from "../../../../src/engine/model/machine-memory.ts";
import { SwapError } from "../../../../src/shared/errors.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
const fixture = (name: string): string => path.join(root, "test/fixtures", name);
const GB = 1e9;
/** Files with more than two axes of weights. */
const FILES = {
  ...Object.fromEntries(
    Object.entries(LATENT_FILES).map(([name, options]) => [
      name,
      { ...options, family: familyOf("deepseek2"), type: () => "Q8_0" as const },
    ]),
  ),
  mixtral: { experts: { count: 4, used: 2 }, feedForward: 32 },
};

describe("an estimate", () => {
  for (const name of [
    "gguf_llama__F16",
    "gguf_llama__Q4_0",
    "gguf_llama__Q4_1",
    "gguf_llama__Q8_0",
    "gguf_qwen2__Q8_0",
  ]) {
    it(`of ${name} counts the weights as the back end keeps them`, async () => {
      const { decoder } = await openModel({ path: fixture(name), file: null, threads: 1, runtime: "auto" });
      const { memoryBytes } = decoder.info;
      await decoder.close();
      expect(estimateModel(fixture(name), null).memoryBytes - ENGINE_BYTES).toBe(memoryBytes);
    });
  }

  it.each(Object.entries(FILES))(
    "of %s counts experts and what latent attention keeps as float32",
    async (_, options) => {
      const { metadata, tensors } = tinyDecoder(options);
      const file = temporaryFile(gguf(metadata, tensors));
      const decoder = await openGgufDecoder({ gguf: readGguf(file), runtime: testRuntime(1) });
      const { memoryBytes } = decoder.info;
      await decoder.close();
      expect(estimateModel(file, null).memoryBytes - ENGINE_BYTES).toBe(memoryBytes);
      const weights = [...readGguf(file).tensors.values()].filter(
        ({ name, dims }) => dims.length > 1 && name !== "token_embd.weight",
      );
      const bytes = weights.map((tensor) =>
        tensor.name.includes("attn_k_b")
          ? 4 * elementCount(tensor)
          : residentBytes(tensor.type, elementCount(tensor)),
      );
      expect(memoryBytes).toBe(bytes.reduce((sum, each) => sum + each));
    },
  );

  it("of fp16 counts its fp32 copies, of a packed or fp32 graph the weights alone", () => {
    const weights = (name: string): number => estimateModel(fixture(name), null).memoryBytes - ENGINE_BYTES;
    // The same model: half the bytes, three times.
    expect(weights("llama__fp16") / weights("llama__past")).toBeCloseTo(1.5, 1);
    expect(weights("llama__extdata") / weights("llama__past")).toBeCloseTo(1, 1);
    expect(weights("llama__q4")).toBeLessThan(weights("llama__past"));
    expect(weights("llama__past")).toBeLessThan(estimateModel(fixture("llama__past"), null).fileBytes);
  });

  it("counts external data and every precision by itself", () => {
    const { fileBytes, path: file } = estimateModel(fixture("llama__extdata"), "onnx/model.onnx");
    expect(path.basename(file)).toBe("model.onnx");
    expect(fileBytes).toBeGreaterThan(
      fs.statSync(path.join(fixture("llama__extdata"), "onnx/model.onnx_data")).size,
    );
  });

  it("of no model says why, as opening does", () => {
    expect(() => estimateModel("/nowhere", null)).toThrow(SwapError);
    expect(() => estimateModel(path.join(root, "package.json"), null)).toThrow(/is not a model/);
  });
});

describe("a verdict", () => {
  const memory = { total: 16 * GB, available: 8 * GB };
  const needs = (memoryBytes: number, leastBytes: number | null = null) => ({ memoryBytes, leastBytes });

  it("lets through what fits", () => {
    expect(judge("m", needs(7 * GB), memory, 0)).toEqual({ kind: "fits" });
    expect(judge("m", needs(7 * GB), { total: 16 * GB, available: null }, 0)).toEqual({ kind: "fits" });
  });

  it("asks with the numbers above what is free, and above four fifths of the machine", () => {
    const free = judge("big", needs(9.5 * GB), memory, 0);
    expect(free).toMatchObject({ kind: "ask" });
    expect(JSON.stringify(free)).toContain("9.5 GB of memory, and 8.0 GB are free");
    const most = judge("big", needs(14 * GB), { total: 16 * GB, available: null }, 0);
    expect(most).toMatchObject({ kind: "ask" });
    expect(JSON.stringify(most)).toContain("16.0 GB");
  });

  it("refuses what the machine does not have, and what is above the user's limit, with the numbers", () => {
    const never = judge("huge", needs(40 * GB), memory, 0);
    expect(never).toMatchObject({ kind: "refuse" });
    expect(JSON.stringify(never)).toContain("40.0 GB");
    const limited = judge("m", needs(3 * GB), memory, 2 * GB);
    expect(limited).toMatchObject({ kind: "refuse" });
    if (limited.kind !== "refuse") return;
    expect(refusal(limited)).toMatchObject({ code: "not-enough-memory" });
    expect(limited.message).toContain("your limit of 2.0 GB");
    expect(limited.hint).toContain("Memory Limit");
  });

  it("speaks of layers on demand where those fit, and refuses only what does not even run so", () => {
    const large = judge("large", needs(40 * GB, 3 * GB), memory, 0);
    expect(large).toMatchObject({ kind: "ask" });
    expect(JSON.stringify(large)).toContain("layers are then read from the file as they run");
    expect(judge("large", needs(40 * GB, 9 * GB), memory, 0)).toMatchObject({ kind: "refuse" });
    expect(judge("large", needs(40 * GB, 1 * GB), memory, 2 * GB)).toEqual({ kind: "fits" });
    expect(judge("large", needs(40 * GB, 3 * GB), memory, 2 * GB)).toMatchObject({ kind: "refuse" });
  });

  it("takes a limit of the user's own as the decision", () => {
    expect(judge("m", needs(14 * GB), { total: 16 * GB, available: null }, 15 * GB)).toEqual({
      kind: "fits",
    });
  });

  it("knows this machine", () => {
    const now = memoryNow(0);
    expect(now.total).toBeGreaterThan(GB / 2);
    if (now.available !== null) expect(now.available).toBeLessThanOrEqual(now.total);
    if (now.available !== null) expect(memoryNow(GB).available).toBeGreaterThan(now.available - GB / 2);
  });

  it("has sizes that people read", () => {
    expect([98_362_432, 1_500_000_000, 250_000, 1_200_000].map(sizeText)).toEqual([
      "98 MB",
      "1.5 GB",
      "0.3 MB",
      "1.2 MB",
    ]);
    expect(ggufMemory(GB, "F16")).toBeGreaterThan(2 * GB);
    expect(onnxMemory(GB, "fp16")).toBeGreaterThan(3 * GB);
    expect(onnxMemory(GB, "q4f16")).toBeLessThan(1.3 * GB);
  });
});

describe("opening", () => {
  const model = fixture("gguf_llama__Q8_0");
  const asked: number[] = [];
  let admits = false;
  const supervisor = new EngineSupervisor({
    start: () =>
      EngineClient.start({
        script: path.join(root, "dist/engine.mjs"),
        execPath: process.execPath,
        onLog: () => undefined,
      }),
    target: () => Promise.resolve({ path: model, threads: 1, runtime: "auto" }),
    log: () => undefined,
    admit: async ({ estimate, path: candidate }) => {
      expect(candidate).toBe(model);
      const { memoryBytes } = await estimate();
      asked.push(memoryBytes);
      if (!admits) throw new SwapError("not-enough-memory", "too large");
    },
  });
  afterAll(() => {
    supervisor.dispose();
  });

  it("asks first, with the estimate of the engine, and opens nothing that is refused", async () => {
    await expect(supervisor.open()).rejects.toMatchObject({ code: "not-enough-memory" });
    expect(asked).toEqual([estimateModel(model, null).memoryBytes]);
    expect(supervisor.model).toMatchObject({ state: "failed", info: null });
    admits = true;
    expect((await supervisor.open()).architecture).toBe("llama");
    await supervisor.open();
    expect(asked).toHaveLength(2);
  });
});
