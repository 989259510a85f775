/**
 * Reads ONNX files of any size: keeps names, wiring and byte ranges, never reads weights. Field numbers: onnx.proto.
 */
import * as fs from "node:fs";
import { SwapError } from "../../../shared/errors.ts";
import { FileWindow } from "./file-window.ts";
import type { Field } from "./protobuf-reader.ts";
import { MOST_FIELD_BYTES, ProtobufReader } from "./protobuf-reader.ts";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./graph.ts";
import { readTensor } from "./tensor-reader.ts";
import { readValue } from "./value-reader.ts";

const DEEPEST_NESTING = 16;

/**
 * Reads a model file.
 *
 * @param file path of an .onnx file
 * @throws SwapError `file-not-found`, `not-a-model`, `truncated-file`, `unsupported-model`
 */
export function readOnnx(file: string): OnnxModel {
  if (!fs.existsSync(file))
    throw new SwapError("file-not-found", `There is no file ${file}.`, "Check the path.");
  if (!fs.statSync(file).isFile())
    throw new SwapError("not-a-model", `${file} is not a file.`, "Give the path of the .onnx file.");
  const window = new FileWindow(file);
  try {
    refuseOtherFiles(window, file);
    return new Reader(window, file).model();
  } finally {
    window.close();
  }
}

/** What stands in model folders by mistake: pointers and error pages instead of the file. */
function refuseOtherFiles(window: FileWindow, file: string): void {
  const head = new TextDecoder("latin1").decode(window.read(0, Math.min(64, window.size)));
  const hint = head.startsWith("version https://git-lfs")
    ? "It is a Git LFS pointer: fetch the file itself (git lfs pull)."
    : /^\s*</.test(head)
      ? "It is a web page: the download failed; fetch the file again."
      : null;
  if (hint !== null) throw new SwapError("not-a-model", `${file} is not an ONNX model.`, hint);
  if (window.size === 0) throw new SwapError("not-a-model", `${file} is empty.`, "Fetch the file again.");
}

class Reader {
  readonly #window: FileWindow;
  readonly #file: string;
  readonly #protobuf: ProtobufReader;

  constructor(window: FileWindow, file: string) {
    this.#window = window;
    this.#file = file;
    this.#protobuf = new ProtobufReader(window, file);
  }

  model(): OnnxModel {
    const { size } = this.#window;
    let irVersion = 0;
    let producer = "";
    let graph: OnnxGraph | null = null;
    const opsets: { domain: string; version: number }[] = [];
    const functions: Uint8Array[] = [];
    for (const field of this.#protobuf.fields(0, size)) {
      if (field.number === 1) irVersion = field.value;
      else if (field.number === 2) producer = this.#protobuf.string(field);
      else if (field.number === 3) producer = `${producer} ${this.#protobuf.string(field)}`.trim();
      else if (field.number === 7) graph = this.#graph(this.#protobuf.message(field), 0);
      else if (field.number === 8) opsets.push(this.#opset(this.#protobuf.message(field)));
      else if (field.number === 25) functions.push(this.#protobuf.bytes(this.#protobuf.message(field)));
    }
    if (!graph || graph.nodes.length === 0) throw this.#protobuf.notOnnx("it holds no graph");
    // Exporters write the operator sets behind the graph: without them the end of the file is missing.
    if (opsets.length === 0) {
      throw new SwapError(
        "truncated-file",
        `${this.#file} is cut short: it ends behind its graph, before its operator sets.`,
        "The download or copy is incomplete: fetch the file again.",
      );
    }
    return { file: this.#file, size, irVersion, producer, opsets, graph, functions };
  }

  #opset(field: Field): { domain: string; version: number } {
    let domain = "";
    let version = 0;
    for (const inner of this.#protobuf.fields(field.start, field.end)) {
      if (inner.number === 1) domain = this.#protobuf.string(inner);
      else if (inner.number === 2) version = inner.value;
    }
    return { domain, version };
  }

  #graph(field: Field, depth: number): OnnxGraph {
    if (depth > DEEPEST_NESTING) throw this.#protobuf.notOnnx("its subgraphs are nested too deeply");
    let name = "";
    const nodes: OnnxNode[] = [];
    const initializers = new Map<string, OnnxTensor>();
    const inputs: OnnxValue[] = [];
    const outputs: OnnxValue[] = [];
    const values = new Map<string, OnnxValue>();
    for (const inner of this.#protobuf.fields(field.start, field.end)) {
      switch (inner.number) {
        case 1:
          nodes.push(this.#node(this.#protobuf.message(inner), depth));
          break;
        case 2:
          name = this.#protobuf.string(inner);
          break;
        case 5: {
          const tensor = readTensor(this.#protobuf, this.#window, this.#protobuf.message(inner));
          initializers.set(tensor.name, tensor);
          break;
        }
        case 11:
          inputs.push(readValue(this.#protobuf, this.#protobuf.message(inner)));
          break;
        case 12:
          outputs.push(readValue(this.#protobuf, this.#protobuf.message(inner)));
          break;
        case 13: {
          const value = readValue(this.#protobuf, this.#protobuf.message(inner));
          values.set(value.name, value);
          break;
        }
        case 15:
          throw new SwapError(
            "unsupported-model",
            `${this.#file} holds sparse weights.`,
            "Export it with ordinary (dense) initializers.",
          );
      }
    }
    return { name, nodes, initializers, inputs, outputs, values };
  }

  #node(field: Field, depth: number): OnnxNode {
    const inputs: string[] = [];
    const outputs: string[] = [];
    const attributes = new Map<string, OnnxAttribute>();
    let [name, opType, domain] = ["", "", ""];
    for (const inner of this.#protobuf.fields(field.start, field.end)) {
      switch (inner.number) {
        case 1:
          inputs.push(this.#protobuf.string(inner));
          break;
        case 2:
          outputs.push(this.#protobuf.string(inner));
          break;
        case 3:
          name = this.#protobuf.string(inner);
          break;
        case 4:
          opType = this.#protobuf.string(inner);
          break;
        case 5: {
          const attribute = this.#attribute(this.#protobuf.message(inner), depth);
          attributes.set(attribute.name, attribute);
          break;
        }
        case 7:
          domain = this.#protobuf.string(inner);
          break;
      }
    }
    return { name, opType, domain: domain === "ai.onnx" ? "" : domain, inputs, outputs, attributes };
  }

  #attribute(field: Field, depth: number): OnnxAttribute {
    if (field.end - field.start > MOST_FIELD_BYTES) {
      throw new SwapError(
        "unsupported-model",
        `${this.#file} keeps ${field.end - field.start} bytes in one attribute.`,
        "Weights must be initializers; export it again, or run it through a graph optimiser.",
      );
    }
    let name = "";
    let [int, float]: (number | null)[] = [null, null];
    let string: string | null = null;
    const ints: number[] = [];
    let tensor: OnnxTensor | null = null;
    let graph: OnnxGraph | null = null;
    for (const inner of this.#protobuf.fields(field.start, field.end)) {
      switch (inner.number) {
        case 1:
          name = this.#protobuf.string(inner);
          break;
        case 2:
          float = this.#protobuf.float(inner);
          break;
        case 3:
          int = inner.value;
          break;
        case 4:
          string = this.#protobuf.string(inner);
          break;
        case 5:
          tensor = readTensor(this.#protobuf, this.#window, this.#protobuf.message(inner));
          break;
        case 6:
          graph = this.#graph(this.#protobuf.message(inner), depth + 1);
          break;
        case 8:
          this.#protobuf.integers(inner, ints);
          break;
      }
    }
    return {
      name,
      message: this.#protobuf.bytes(field),
      int: int ?? null,
      float: float ?? null,
      string,
      ints: ints.length > 0 ? ints : null,
      tensor,
      graph,
    };
  }
}
