/**
 * What it costs on WebGPU that states go to the host and back between blocks: a graph that does next to nothing, thirty times
 * over, with its output on the host and on the device; the same with blocks of a GGUF file. `npm run bench:copies`
 * (`--model`, `--rows`, `--positions`, `--blocks`, `--rounds`); `--software`: on Chromium's software Vulkan driver.
 */
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { maxAbsDifference } from "../../src/engine/difference.ts";
import type { States } from "../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../src/engine/model/gguf/gguf-decoder.ts";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import { DataType, node, serializeModel, valueInfo } from "../../src/engine/model/runtime/protobuf-writer.ts";
import type { DeviceTensor, Tensor } from "../../src/engine/model/runtime/runtime.ts";
import { float32, floatData } from "../../src/engine/model/runtime/runtime.ts";
import { WEBGPU } from "../../src/engine/model/runtime/webgpu.ts";
import { useSoftwareGpu } from "../support/software-gpu.ts";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const { values: options } = parseArgs({
  options: {
    model: { type: "string", default: path.join(root, "models/SmolLM2-135M-Instruct.Q4_1.gguf") },
    rows: { type: "string", default: "31" },
    positions: { type: "string", default: "2" },
    blocks: { type: "string", default: "30" },
    rounds: { type: "string", default: "5" },
    software: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds);
const LENGTH = 30;
const SIZES = [1 << 12, 1 << 16, 1 << 19, 1 << 22];

if (options.software) {
  const missing = useSoftwareGpu();
  if (missing !== null) throw new Error(`${missing} is not on this machine`);
}
const runtime = await (await WEBGPU.load())(1);

/** Fastest of the rounds, in milliseconds, of one element of each chain; by turns. */
async function fastest(
  length: number,
  host: () => Promise<Float32Array>,
  device: () => Promise<Float32Array>,
): Promise<{ host: number; device: number }> {
  const times = { host: Infinity, device: Infinity };
  for (let round = 0; round <= rounds; round++) {
    const outputs: Float32Array[] = [];
    for (const [name, chain] of [
      ["host", host],
      ["device", device],
    ] as const) {
      const startedAt = performance.now();
      outputs.push(await chain());
      // The first round compiles shaders.
      if (round > 0) times[name] = Math.min(times[name], (performance.now() - startedAt) / length);
    }
    if (maxAbsDifference(outputs[0]!, outputs[1]!) > 0) throw new Error("host and device differ");
  }
  return times;
}

function report(what: string, bytes: number, { host, device }: { host: number; device: number }): void {
  const cost = host - device;
  console.log(
    `${what}, ${bytes} bytes: host ${host.toFixed(3)} ms, device ${device.toFixed(3)} ms, ` +
      `copies ${cost.toFixed(3)} ms (${((100 * cost) / host).toFixed(1)} %)`,
  );
}

const sum = await runtime.createSession(
  serializeModel({
    nodes: [node("Add", ["x", "x"], ["y"])],
    initializers: [],
    inputs: [valueInfo("x", DataType.float, ["R", "P", "W"])],
    outputs: [valueInfo("y", DataType.float, ["R", "P", "W"])],
    opsets: [{ domain: "", version: 21 }],
    irVersion: 10,
  }),
  { kept: "y" },
);
for (const bytes of SIZES) {
  const first = float32(new Float32Array(bytes / 4).fill(1), [1, 1, bytes / 4]);
  const host = async (): Promise<Float32Array> => {
    let x: Tensor = first;
    for (let i = 0; i < LENGTH; i++) x = float32(floatData(await sum.run({ x }), "y"), first.dims);
    return x.data as Float32Array;
  };
  const device = async (): Promise<Float32Array> => {
    let x: Tensor | DeviceTensor = first;
    for (let i = 0; i < LENGTH - 1; i++) {
      const y = await sum.runKept!({ x });
      if ("release" in x) x.release();
      x = y;
    }
    const last = floatData(await sum.run({ x }), "y");
    if ("release" in x) x.release();
    return last;
  };
  report("a sum", bytes, await fastest(LENGTH, host, device));
}
await sum.release();

const decoder = await openGgufDecoder({ gguf: readGguf(options.model), runtime });
const blocks = Math.min(Number(options.blocks), decoder.info.blocks);
const ids = Array.from({ length: Number(options.positions) }, (_, i) => i + 1);
const embedded = await decoder.embed(ids);
const rows = Array.from({ length: Number(options.rows) }, () => 0);
const context = { ids, start: 0 };
const { states: place, block } = decoder.device!;
const data = new Float32Array(rows.length * embedded.data.length);
for (const row of rows.keys()) data.set(embedded.data, row * embedded.data.length);
const start: States = { ...embedded, rows: rows.length, data };
report(
  `a block of ${path.basename(options.model)}`,
  4 * data.length,
  await fastest(
    blocks,
    async () => {
      let states = start;
      for (let k = 0; k < blocks; k++) states = (await decoder.block(k, states, context)).states;
      return states.data;
    },
    async () => {
      let states = await place.take(embedded, rows);
      for (let k = 0; k < blocks; k++) {
        const next = await block(k, states, context);
        states.tensor.release();
        states = next;
      }
      const last = await place.read(states, [...ids.keys()]);
      states.tensor.release();
      return last;
    },
  ),
);
await decoder.close();
