/** Dynamic int8: every form of it becomes a product of float activations with the same weights, row by row. */
import { describe, expect, test } from "vitest";
import { maxAbsDifference } from "../../../../../src/engine/difference.ts";
import { floatActivations } from "../../../../../src/engine/model/onnx/dynamic-int8.ts";
import { readOnnx } from "../../../../../src/engine/model/onnx/reader.ts";
import type { OnnxModel } from "../../../../../src/engine/model/onnx/graph.ts";
import type { MessageWriter } from "../../../../../src/engine/model/runtime/protobuf-writer.ts";
import {
  bytesOf,
  DataType,
  node,
  serializeModel,
  tensorRaw,
  valueInfo,
} from "../../../../../src/engine/model/runtime/protobuf-writer.ts";
import { float32, floatData } from "../../../../../src/engine/model/runtime/runtime.ts";
import { randomNumbers } from "../../../../support/gguf/gguf-random.ts";
import { temporaryFile } from "../../../../support/gguf/gguf-writer.ts";
import { testRuntime } from "../../../../support/runtime.ts";

const INNER = 24;
const OUTPUTS = 10;
const MICROSOFT = "com.microsoft";

const random = randomNumbers(16);
const codes = new Uint8Array(INNER * OUTPUTS).map(() => Math.floor(random() * 256));
const one = { scales: Float32Array.of(0.02), zeros: Uint8Array.of(131) };
const perOutput = {
  scales: new Float32Array(OUTPUTS).map(() => 0.01 + 0.02 * random()),
  zeros: new Uint8Array(OUTPUTS).map(() => Math.floor(random() * 256)),
};
const bias = new Float32Array(OUTPUTS).map(() => random() - 0.5);

type Weights = typeof one;

function model(nodes: readonly MessageWriter[], { scales, zeros }: Weights): OnnxModel {
  const dims = scales.length === 1 ? [] : [OUTPUTS];
  const bytes = serializeModel({
    nodes: [...nodes],
    initializers: [
      tensorRaw("w", DataType.uint8, [INNER, OUTPUTS], codes),
      tensorRaw("ws", DataType.float, dims, bytesOf(scales)),
      tensorRaw("wz", DataType.uint8, dims, zeros),
      tensorRaw("bias", DataType.float, [OUTPUTS], bytesOf(bias)),
    ],
    inputs: [valueInfo("x", DataType.float, ["rows", INNER])],
    outputs: [valueInfo("y", DataType.float)],
    opsets: [
      { domain: "", version: 18 },
      { domain: MICROSOFT, version: 1 },
    ],
    irVersion: 9,
  });
  return readOnnx(temporaryFile(bytes, "int8.onnx"));
}

const quantise = node("DynamicQuantizeLinear", ["x"], ["xq", "xs", "xz"]);
const FORMS: Readonly<
  Record<string, { readonly nodes: readonly MessageWriter[]; readonly biased: boolean }>
> = {
  "as quantize_dynamic writes it": {
    nodes: [
      quantise,
      node("MatMulInteger", ["xq", "w", "xz", "wz"], ["sum"]),
      node("Cast", ["sum"], ["floats"], { to: DataType.float }),
      node("Mul", ["xs", "ws"], ["scale"]),
      node("Mul", ["floats", "scale"], ["y"]),
    ],
    biased: false,
  },
  "operands the other way round": {
    nodes: [
      quantise,
      node("MatMulInteger", ["xq", "w", "xz", "wz"], ["sum"]),
      node("Cast", ["sum"], ["floats"], { to: DataType.float }),
      node("Mul", ["ws", "xs"], ["scale"]),
      node("Mul", ["scale", "floats"], ["y"]),
    ],
    biased: false,
  },
  MatMulIntegerToFloat: {
    nodes: [
      quantise,
      node("MatMulIntegerToFloat", ["xq", "w", "xs", "ws", "xz", "wz", "bias"], ["y"], {}, MICROSOFT),
    ],
    biased: true,
  },
  DynamicQuantizeMatMul: {
    nodes: [node("DynamicQuantizeMatMul", ["x", "w", "ws", "wz", "bias"], ["y"], {}, MICROSOFT)],
    biased: true,
  },
};

/** Runs a rewritten graph on rows of x. */
async function run(
  { graph }: { graph: OnnxModel["graph"] },
  weights: Weights,
  x: Float32Array,
): Promise<Float32Array> {
  const rows = x.length / INNER;
  const dims = weights.scales.length === 1 ? [] : [OUTPUTS];
  const bytes = serializeModel({
    nodes: graph.nodes.map(({ opType, inputs, outputs, domain }) =>
      node(opType, inputs, outputs, opType === "DequantizeLinear" ? { axis: -1 } : {}, domain),
    ),
    initializers: [
      tensorRaw("w", DataType.uint8, [INNER, OUTPUTS], codes),
      tensorRaw("ws", DataType.float, dims, bytesOf(weights.scales)),
      tensorRaw("wz", DataType.uint8, dims, weights.zeros),
      tensorRaw("bias", DataType.float, [OUTPUTS], bytesOf(bias)),
    ],
    inputs: [valueInfo("x", DataType.float, ["rows", INNER])],
    outputs: [valueInfo("y", DataType.float, ["rows", OUTPUTS])],
    opsets: [{ domain: "", version: 18 }],
    irVersion: 9,
  });
  const session = await testRuntime(1).createSession(bytes, {});
  const y = floatData(await session.run({ x: float32(x, [rows, INNER]) }), "y").slice();
  await session.release();
  return y;
}

describe.each(Object.entries(FORMS))("%s", (_, { nodes, biased }) => {
  test.each([
    ["one scale", one],
    ["a scale for each output", perOutput],
  ])(
    "%s: the product of the dequantised weights, and rows know nothing of each other",
    async (__, weights) => {
      const opened = model(nodes, weights);
      const floats = floatActivations(opened, opened.graph);
      expect(floats.rewritten).toBe(1);
      expect(floats.graph.nodes.map(({ opType }) => opType)).toEqual([
        "DequantizeLinear",
        "MatMul",
        ...(biased ? ["Add"] : []),
      ]);
      const x = new Float32Array(3 * INNER).map(() => random() * 2 - 1);
      const y = await run(floats, weights, x);
      const expected = new Float32Array(3 * OUTPUTS);
      for (let r = 0; r < 3; r++) {
        for (let o = 0; o < OUTPUTS; o++) {
          const at = weights.scales.length === 1 ? 0 : o;
          let sum = biased ? bias[o]! : 0;
          for (let i = 0; i < INNER; i++) {
            sum += x[r * INNER + i]! * weights.scales[at]! * (codes[i * OUTPUTS + o]! - weights.zeros[at]!);
          }
          expected[r * OUTPUTS + o] = sum;
        }
      }
      expect(maxAbsDifference(y, expected)).toBeLessThan(2e-5);
      x[2 * INNER] = 1000;
      const disturbed = await run(floats, weights, x);
      expect(disturbed.slice(0, 2 * OUTPUTS)).toEqual(y.slice(0, 2 * OUTPUTS));
    },
  );
});

test("what cannot be undone is refused with its operator", () => {
  const left = model(
    [
      quantise,
      node("MatMulInteger", ["xq", "w", "xz", "wz"], ["sum"], {}),
      node("Cast", ["sum"], ["y"], { to: 1 }),
    ],
    one,
  );
  expect(() => floatActivations(left, left.graph)).toThrow(/DynamicQuantizeLinear/);
});

test("a graph without int8 is left as it is", () => {
  const plain = model([node("MatMul", ["x", "w"], ["y"])], one);
  expect(floatActivations(plain, plain.graph)).toEqual({ graph: plain.graph, rewritten: 0 });
});
