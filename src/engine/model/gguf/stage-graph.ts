/** Collects the nodes and weights of one stage's graph; quantised weights go into a scratch buffer shared by all stages. */
import * as path from "node:path";
import type { AttributeValue, Dimension, MessageWriter } from "../runtime/protobuf-writer.ts";
import {
  DataType,
  branchGraph,
  bytesOf,
  node,
  serializeModel,
  tensorExternal,
  tensorRaw,
  valueInfo,
} from "../runtime/protobuf-writer.ts";
import type { PackedWeights, Packing } from "./packing.ts";
import { packedBytes } from "./packing.ts";
import type { GgufTensor } from "./reader.ts";
import type { TensorSource } from "./tensor-source.ts";

/** Name under which the scratch buffer is handed to ORT as external data. */
export const SCRATCH_LOCATION = "packed-weights";

const ALIGNMENT = 64;

/** Memory in which weights are laid out for one session after the other; ORT copies them out. */
export class WeightScratch {
  #buffer = new ArrayBuffer(0);
  #used = 0;

  /** What the current stage has laid out. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#buffer, 0, this.#used);
  }

  /** Starts a new stage that needs up to `capacity` bytes; earlier contents are gone. */
  reset(capacity: number): void {
    this.#used = 0;
    if (this.#buffer.byteLength < capacity) this.#buffer = new ArrayBuffer(capacity);
  }

  /** Gives the memory back; the next stage takes its own. */
  free(): void {
    this.#used = 0;
    this.#buffer = new ArrayBuffer(0);
  }

  /** Offset of `length` bytes at the end of what is in use. */
  allocate(length: number): { readonly buffer: ArrayBuffer; readonly offset: number } {
    const offset = this.#used;
    this.#used = offset + alignedBytes(length);
    if (this.#used > this.#buffer.byteLength) throw new Error("weight scratch is too small for the stage");
    return { buffer: this.#buffer, offset };
  }
}

/** Bytes of scratch that packed weights take, alignment included. */
export function scratchBytes(packing: Packing, rows: number, inner: number): number {
  return packedBytes(packing, rows, inner).reduce((sum, bytes) => sum + alignedBytes(bytes), 0);
}

/** Bytes of scratch that `length` bytes of data take. */
export function alignedBytes(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

/** Shapes of {@link StageGraph.constant}. */
export type Shape = readonly number[];

/** A graph under construction. Values are named by strings; every method that adds a node returns its outputs' names. */
export class StageGraph {
  readonly source: TensorSource;
  readonly #scratch: WeightScratch;
  readonly #mapped: boolean;
  readonly #lacks: ReadonlySet<string>;
  readonly #nodes: MessageWriter[] = [];
  readonly #initializers: MessageWriter[] = [];
  readonly #inputs: MessageWriter[] = [];
  readonly #outputs: MessageWriter[] = [];
  readonly #constants = new Set<string>();
  /** Values that several products share, by the description of their making. */
  readonly #shared = new Map<string, string>();
  #count = 0;

  /**
   * @param mapped whether float weights are used where they lie in the file; ORT refuses that beside external data in
   *   memory, so only a stage without scratch can
   * @param lacks as the runtime's
   */
  constructor(source: TensorSource, scratch: WeightScratch, mapped: boolean, lacks: ReadonlySet<string>) {
    this.source = source;
    this.#scratch = scratch;
    this.#mapped = mapped;
    this.#lacks = lacks;
  }

  /** Whether an operator would run elsewhere than the others. */
  lacks(opType: string): boolean {
    return this.#lacks.has(opType);
  }

  input(name: string, dims: readonly Dimension[], type: number = DataType.float): string {
    this.#inputs.push(valueInfo(name, type, dims));
    return name;
  }

  output(name: string, dims: readonly Dimension[]): void {
    this.#outputs.push(valueInfo(name, DataType.float, dims));
  }

  /** Adds a node with one output. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    domain = "",
    name = this.fresh(opType),
  ): string {
    this.nodes(opType, inputs, [name], attributes, domain);
    return name;
  }

  /** Adds a node with the named outputs. */
  nodes(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    domain = "",
  ): void {
    this.#nodes.push(node(opType, inputs, outputs, attributes, domain));
  }

  /** Adds `alpha a b^T`, over the last two axes. */
  productWithTransposed(a: string, b: string, rank: number, alpha = 1): string {
    if (!this.lacks("FusedMatMul"))
      return this.node("FusedMatMul", [a, b], { transB: 1, alpha: { float: alpha } }, "com.microsoft");
    const axes = Array.from({ length: rank }, (_, axis) => axis);
    const perm = [...axes.slice(0, -2), rank - 1, rank - 2];
    const product = this.node("MatMul", [a, this.node("Transpose", [b], { perm })]);
    return alpha === 1
      ? product
      : this.node("Mul", [product, this.constant("alpha", Float32Array.of(alpha), [])]);
  }

  /**
   * Adds a choice: one of two branches runs, and both read the graph's values.
   *
   * @param condition a bool of one element
   * @param outputs names of the float32 values that either branch gives, in its order
   */
  choose(
    condition: string,
    outputs: readonly string[],
    whenTrue: () => readonly string[],
    whenFalse: () => readonly string[],
  ): void {
    const attributes = {
      then_branch: { graph: this.#branch("then", whenTrue) },
      else_branch: { graph: this.#branch("else", whenFalse) },
    };
    this.nodes("If", [condition], outputs, attributes);
  }

  #branch(name: string, build: () => readonly string[]): MessageWriter {
    const around = this.#nodes.splice(0);
    const outputs = build().map((value) => valueInfo(value, DataType.float));
    const inside = this.#nodes.splice(0);
    this.#nodes.push(...around);
    return branchGraph(name, inside, outputs);
  }

  /** A name that nothing has yet. */
  fresh(stem: string): string {
    return `${stem}_${this.#count++}`;
  }

  /** The value that `make` adds, made once per `key`. */
  once(key: string, make: () => string): string {
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#shared.set(key, made);
    return made;
  }

  /** An int64 vector; equal ones share an initializer. */
  integers(values: readonly number[]): string {
    const name = `int64_${values.join("_")}`;
    if (!this.#constants.has(name)) {
      this.#constants.add(name);
      const raw = bytesOf(BigInt64Array.from(values, BigInt));
      this.#initializers.push(tensorRaw(name, DataType.int64, [values.length], raw));
    }
    return name;
  }

  /** A float32 initializer inside the graph. For small ones. */
  constant(stem: string, data: Float32Array, dims: Shape): string {
    const name = this.fresh(stem);
    this.#initializers.push(tensorRaw(name, DataType.float, dims, bytesOf(data)));
    return name;
  }

  /** A small tensor of the file as a float32 initializer. */
  vector(tensor: GgufTensor): string {
    return this.constant(tensor.name, this.source.floats(tensor), [tensor.dims[0]!]);
  }

  /** A float tensor of the file, unconverted: mapped from the file, or copied to the scratch buffer. */
  floatWeight(tensor: GgufTensor, type: number): string {
    const name = this.fresh(tensor.name);
    const dims = [...tensor.dims].reverse();
    if (this.#mapped) {
      const location = path.basename(tensor.file);
      this.#initializers.push(tensorExternal(name, type, dims, location, tensor.offset, tensor.bytes));
    } else {
      const { buffer, offset } = this.#scratch.allocate(tensor.bytes);
      this.source.copy(tensor, new Uint8Array(buffer, offset, tensor.bytes));
      this.#initializers.push(tensorExternal(name, type, dims, SCRATCH_LOCATION, offset, tensor.bytes));
    }
    return name;
  }

  /** Room for packed weights in the scratch buffer. */
  packed(packing: Packing, rows: number, inner: number): PackedWeights {
    const [codes, low, scales, minimums] = packedBytes(packing, rows, inner);
    const words = (bytes: number): Uint16Array => {
      const { buffer, offset } = this.#scratch.allocate(bytes);
      return new Uint16Array(buffer, offset, bytes / 2);
    };
    const floats = (bytes: number): Float32Array => {
      const { buffer, offset } = this.#scratch.allocate(bytes);
      return new Float32Array(buffer, offset, bytes / 4);
    };
    return {
      packing,
      rows,
      inner,
      codes: words(codes!),
      low: packing.split ? words(low!) : undefined,
      scales: floats(scales!),
      minimums: packing.minimums ? floats(minimums!) : undefined,
    };
  }

  /** An initializer whose data `array` stands in the scratch buffer. */
  scratchWeight(stem: string, type: number, dims: Shape, array: Uint16Array | Float32Array): string {
    const name = this.fresh(stem);
    this.#initializers.push(
      tensorExternal(name, type, dims, SCRATCH_LOCATION, array.byteOffset, array.byteLength),
    );
    return name;
  }

  /** A zero-filled uint8 initializer inside the graph. */
  zeros(stem: string, length: number): string {
    const name = this.fresh(stem);
    this.#initializers.push(tensorRaw(name, DataType.uint8, [length], new Uint8Array(length)));
    return name;
  }

  finish(): Uint8Array {
    return serializeModel({
      nodes: this.#nodes,
      initializers: this.#initializers,
      inputs: this.#inputs,
      outputs: this.#outputs,
      opsets: [
        { domain: "", version: 23 },
        { domain: "com.microsoft", version: 1 },
      ],
      irVersion: 10,
    });
  }
}
