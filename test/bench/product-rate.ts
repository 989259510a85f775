/** How fast one large matrix product is in the same engine: the rate that bounds are made of. */
import { NATIVE } from "../../src/engine/model/runtime/native.ts";
import { float32 } from "../../src/engine/model/runtime/runtime.ts";
import {
  DataType,
  node,
  serializeModel,
  tensorRaw,
  valueInfo,
} from "../../src/engine/model/runtime/protobuf-writer.ts";

const ROWS = 512;
const INNER = 1536;
const OUTER = 3072;

/** Multiply-adds per second of `[512, 1536] x [1536, 3072]` in float32: the median of nine, after two that warm up. */
export async function productRate(threads: number): Promise<number> {
  const weights = new Float32Array(INNER * OUTER).map((_, i) => ((i * 2_654_435_761) % 1000) / 1000 - 0.5);
  const session = await (
    await (
      await NATIVE.load()
    )(threads)
  ).createSession(
    serializeModel({
      nodes: [node("MatMul", ["x", "weights"], ["y"], {})],
      initializers: [tensorRaw("weights", DataType.float, [INNER, OUTER], new Uint8Array(weights.buffer))],
      inputs: [valueInfo("x", DataType.float, [ROWS, INNER])],
      outputs: [valueInfo("y", DataType.float, [ROWS, OUTER])],
      opsets: [{ domain: "", version: 21 }],
      irVersion: 10,
    }),
    {},
  );
  const x = float32(new Float32Array(ROWS * INNER).fill(0.5), [ROWS, INNER]);
  const times: number[] = [];
  for (let i = 0; i < 11; i++) {
    const startedAt = performance.now();
    await session.run({ x });
    times.push((performance.now() - startedAt) / 1000);
  }
  await session.release();
  const sorted = times.slice(2).sort((a, b) => a - b);
  return (ROWS * INNER * OUTER) / sorted[Math.floor(sorted.length / 2)]!;
}
