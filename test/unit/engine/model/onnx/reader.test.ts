/** The ONNX reader: what the writer wrote comes back; damaged, foreign and huge files end in clear errors or are read. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SwapError } from "../../../../../src/shared/errors.ts";
import {
  bytesOf,
  DataType,
  MessageWriter,
  node,
  serializeModel,
  tensorExternal,
  tensorRaw,
  valueInfo,
} from "../../../../../src/engine/model/runtime/protobuf-writer.ts";
import { readOnnx } from "../../../../../src/engine/model/onnx/reader.ts";

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-reader-"));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

function write(name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, bytes);
  return file;
}

const weights = Float32Array.from({ length: 4000 }, (_, i) => i);

function sample(): Uint8Array {
  return serializeModel({
    nodes: [
      node("Gather", ["table", "input_ids"], ["h"]),
      node(
        "MatMulNBits",
        ["h", "q", ""],
        ["logits"],
        { bits: 4, accuracy_level: -1, perm: [0, 2, 1], scale: { float: 0.5 } },
        "com.microsoft",
      ),
    ],
    initializers: [
      tensorRaw("table", DataType.float, [1000, 4], bytesOf(weights)),
      tensorRaw("small", DataType.int64, [2], bytesOf(BigInt64Array.from([7n, -3n]))),
      tensorExternal("q", DataType.uint8, [16], "model.onnx_data", 4096, 16),
    ],
    inputs: [valueInfo("input_ids", DataType.int64, ["batch", "sequence"])],
    outputs: [valueInfo("logits", DataType.float, ["batch", "sequence", 4])],
    opsets: [
      { domain: "", version: 18 },
      { domain: "com.microsoft", version: 1 },
    ],
    irVersion: 9,
  });
}

describe("a whole file", () => {
  it("comes back as it was written, weights by their place", () => {
    const bytes = sample();
    const model = readOnnx(write("whole.onnx", bytes));
    expect(model).toMatchObject({ irVersion: 9, producer: "state-swap", size: bytes.length });
    expect(model.opsets).toEqual([
      { domain: "", version: 18 },
      { domain: "com.microsoft", version: 1 },
    ]);
    const [gather, product] = model.graph.nodes;
    expect(gather).toMatchObject({
      opType: "Gather",
      inputs: ["table", "input_ids"],
      outputs: ["h"],
      domain: "",
    });
    expect(product).toMatchObject({ opType: "MatMulNBits", domain: "com.microsoft", inputs: ["h", "q", ""] });
    expect(product!.attributes.get("bits")).toMatchObject({ int: 4 });
    expect(product!.attributes.get("accuracy_level")).toMatchObject({ int: -1 });
    expect(product!.attributes.get("perm")).toMatchObject({ ints: [0, 2, 1] });
    expect(product!.attributes.get("scale")).toMatchObject({ float: 0.5 });
    const table = model.graph.initializers.get("table")!;
    expect(table).toMatchObject({
      dims: [1000, 4],
      dataType: DataType.float,
      rawBytes: null,
      external: null,
    });
    const { offset, length } = table.raw!;
    expect(bytes.slice(offset, offset + length)).toEqual(new Uint8Array(bytesOf(weights)));
    expect(model.graph.initializers.get("small")!.rawBytes).toHaveLength(16);
    expect(model.graph.initializers.get("q")!.external).toEqual({
      location: "model.onnx_data",
      offset: 4096,
      length: 16,
    });
    expect(model.graph.inputs).toEqual([
      { name: "input_ids", dataType: DataType.int64, dims: ["batch", "sequence"] },
    ]);
  });

  it("of more than 2 GiB is read past its weights, which are not", () => {
    const size = 2.5 * 2 ** 30;
    const file = path.join(folder, "huge.onnx");
    const tensorHead = new MessageWriter()
      .int(1, size / 4)
      .int(2, DataType.float)
      .string(8, "huge")
      .finish();
    const rawHead = varint(9 * 8 + 2, size);
    const graphTail = new MessageWriter()
      .message(1, node("Gather", ["huge", "input_ids"], ["logits"]))
      .message(12, valueInfo("logits", DataType.float))
      .finish();
    const tensorLength = tensorHead.length + rawHead.length + size;
    const tensorField = varint(5 * 8 + 2, tensorLength);
    const graphField = varint(7 * 8 + 2, tensorField.length + tensorLength + graphTail.length);
    const head = Buffer.concat([graphField, tensorField, tensorHead, rawHead]);
    const handle = fs.openSync(file, "w");
    fs.writeSync(handle, head, 0, head.length, 0);
    const tail = Buffer.concat([graphTail, new MessageWriter().message(8, OPSET).finish()]);
    fs.writeSync(handle, tail, 0, tail.length, head.length + size);
    fs.closeSync(handle);
    const model = readOnnx(file);
    expect(model.graph.initializers.get("huge")!.raw).toEqual({ offset: head.length, length: size });
    expect(model.graph.nodes).toHaveLength(1);
    expect(model.graph.outputs[0]!.name).toBe("logits");
  });
});

const OPSET = new MessageWriter().string(1, "").int(2, 18);

function varint(...values: number[]): Buffer {
  const bytes: number[] = [];
  for (let value of values) {
    while (value >= 128) {
      bytes.push((value % 128) | 0x80);
      value = Math.floor(value / 128);
    }
    bytes.push(value);
  }
  return Buffer.from(bytes);
}

function codeOf(file: string): string {
  try {
    readOnnx(file);
  } catch (error) {
    if (error instanceof SwapError) return error.code;
    throw error;
  }
  return "read";
}

describe("a damaged file", () => {
  it("is called cut short wherever it is cut", () => {
    const bytes = sample();
    for (let cut = 20; cut < bytes.length - 24; cut += 97) {
      expect(codeOf(write("cut.onnx", bytes.slice(0, cut)))).toBe("truncated-file");
    }
  });

  it("of random bytes is no model, and never hangs or crashes", () => {
    let seed = 1;
    for (let round = 0; round < 50; round++) {
      const bytes = Uint8Array.from({ length: 500 }, () => (seed = (seed * 48271) % 2147483647) & 255);
      expect(["not-a-model", "truncated-file"]).toContain(codeOf(write("random.onnx", bytes)));
    }
  });

  it.each([
    ["an empty file", ""],
    ["a pointer to the file", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"],
    ["an error page", "<!DOCTYPE html><html><body>404</body></html>"],
  ])("%s is no model, with its own hint", (_, text) => {
    const file = write("other.onnx", new TextEncoder().encode(text));
    expect(codeOf(file)).toBe("not-a-model");
  });

  it("that is absent is said to be", () => {
    expect(codeOf(path.join(folder, "none.onnx"))).toBe("file-not-found");
  });
});

/** A model whose graph has one ordinary node and what `add` puts beside it. */
function withGraph(name: string, add: (graph: MessageWriter) => MessageWriter): string {
  const graph = add(new MessageWriter().message(1, node("Gather", ["a", "b"], ["c"])));
  return write(name, new MessageWriter().int(1, 8).message(7, graph).message(8, OPSET).finish());
}

function integerTensor(name: string, field: 5 | 7, count: number, packed: boolean): MessageWriter {
  const tensor = new MessageWriter().int(1, count).int(2, DataType.int64).string(8, name);
  const values = Array.from({ length: count }, (_, i) => i % 100);
  if (packed) return tensor.bytes(field, Uint8Array.from(values));
  for (const value of values) tensor.int(field, value);
  return tensor;
}

describe("typed integers", () => {
  it.each([true, false])("are kept up to 1024 values, and never in part (packed: %s)", (packed) => {
    const { initializers } = readOnnx(
      withGraph("integers.onnx", (graph) =>
        graph
          .message(5, integerTensor("most", 7, 1024, packed))
          .message(5, integerTensor("above", 7, 1025, packed))
          .message(5, integerTensor("far above", 5, 50_000, packed)),
      ),
    ).graph;
    expect(initializers.get("most")!.integers).toHaveLength(1024);
    expect(initializers.get("most")!.integers!.at(-1)).toBe(1023 % 100);
    expect(initializers.get("above")!.integers).toBeNull();
    expect(initializers.get("far above")!.integers).toBeNull();
  });
});

describe("subgraphs", () => {
  const nested = (depth: number): string => {
    let body = new MessageWriter().message(1, node("Neg", ["x"], ["y"]));
    for (let level = 0; level < depth; level++) {
      const branch = new MessageWriter().string(1, "then_branch").message(6, body).int(20, 5);
      const conditional = new MessageWriter()
        .string(1, "flag")
        .string(2, "y")
        .string(4, "If")
        .message(5, branch);
      body = new MessageWriter().message(1, conditional);
    }
    return write("nested.onnx", new MessageWriter().int(1, 8).message(7, body).message(8, OPSET).finish());
  };

  it("are read, and their attribute keeps its whole message", () => {
    const conditional = readOnnx(nested(1)).graph.nodes[0]!;
    const branch = conditional.attributes.get("then_branch")!;
    expect(branch.graph!.nodes).toMatchObject([{ opType: "Neg", inputs: ["x"], outputs: ["y"] }]);
    expect(new TextDecoder().decode(branch.message)).toContain("Neg");
  });

  it("are read 16 levels deep and refused deeper", () => {
    expect(codeOf(nested(16))).toBe("read");
    expect(codeOf(nested(17))).toBe("not-a-model");
    expect(codeOf(nested(40))).toBe("not-a-model");
  });
});

describe("types and kinds", () => {
  it("of sequences have no element type and no shape", () => {
    const sequence = new MessageWriter().message(4, new MessageWriter());
    const file = withGraph("sequence.onnx", (graph) =>
      graph.message(11, new MessageWriter().string(1, "s").message(2, sequence)),
    );
    expect(readOnnx(file).graph.inputs).toEqual([{ name: "s", dataType: 0, dims: null }]);
  });

  it("of sparse weights are refused by name", () => {
    const file = withGraph("sparse.onnx", (graph) => graph.message(15, new MessageWriter().string(1, "w")));
    expect(codeOf(file)).toBe("unsupported-model");
  });

  it.each([3, 4])("of groups (wire type %i) are no model", (wire) => {
    expect(codeOf(write("group.onnx", Uint8Array.from([8, 8, 7 * 8 + wire, 0, 0])))).toBe("not-a-model");
  });

  it("of a text field of 3 GiB are no model, and nothing is read into memory", () => {
    const file = path.join(folder, "text.onnx");
    const head = varint(2 * 8 + 2, 3 * 2 ** 30);
    fs.writeFileSync(file, head);
    fs.truncateSync(file, head.length + 3 * 2 ** 30);
    expect(codeOf(file)).toBe("not-a-model");
  });

  it("of a folder are no model", () => {
    expect(codeOf(folder)).toBe("not-a-model");
  });
});
