/** Writes ONNX protobuf messages: the few that stage graphs are made of. Field numbers: onnx.proto. */

/** ONNX element types (TensorProto.DataType) used here. */
export const DataType = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  double: 11,
  bfloat16: 16,
  uint4: 21,
  int4: 22,
} as const;

/** Collects fields of one message. Every method returns the writer. */
export class MessageWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A varint field; negative numbers are written as 64-bit two's complement. */
  int(field: number, value: number | bigint): this {
    this.#varint(field * 8);
    return this.#varint(value);
  }

  /** A 32-bit float field. */
  float(field: number, value: number): this {
    this.#varint(field * 8 + 5);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#push(bytes);
  }

  /** A length-delimited field with these bytes; they are not copied. */
  bytes(field: number, value: Uint8Array): this {
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    return this.#push(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: MessageWriter): this {
    this.#varint(field * 8 + 2);
    this.#varint(value.#length);
    for (const part of value.#parts) this.#push(part);
    return this;
  }

  /** Bytes as they are: a whole field copied from another file. */
  raw(value: Uint8Array): this {
    return this.#push(value);
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      out.set(part, offset);
      offset += part.length;
    }
    return out;
  }

  #push(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  #varint(value: number | bigint): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      bytes.push(rest ? low | 0x80 : low);
    } while (rest);
    return this.#push(Uint8Array.from(bytes));
  }
}

/** A dimension: a number, a symbolic name, or null for unknown. */
export type Dimension = number | string | null;

/** Attribute values of new nodes. Plain numbers are ints; floats must say so. */
export type AttributeValue =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly tensor: MessageWriter }
  | { readonly graph: MessageWriter };

/** Bytes of a typed array, without a copy. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** TensorProto with its data inside. */
export function tensorRaw(
  name: string,
  dataType: number,
  dims: readonly number[],
  raw: Uint8Array,
): MessageWriter {
  return tensorHead(name, dataType, dims).bytes(9, raw);
}

/** TensorProto whose data stands in another file, `length` bytes from `offset` (any alignment). */
export function tensorExternal(
  name: string,
  dataType: number,
  dims: readonly number[],
  location: string,
  offset: number,
  length: number,
): MessageWriter {
  const tensor = tensorHead(name, dataType, dims);
  const entries = { location, offset: String(offset), length: String(length) };
  for (const [key, value] of Object.entries(entries)) {
    tensor.message(13, new MessageWriter().string(1, key).string(2, value));
  }
  return tensor.int(14, 1);
}

function tensorHead(name: string, dataType: number, dims: readonly number[]): MessageWriter {
  const tensor = new MessageWriter();
  for (const dim of dims) tensor.int(1, dim);
  return tensor.int(2, dataType).string(8, name);
}

/** AttributeProto. */
export function attribute(name: string, value: AttributeValue): MessageWriter {
  const out = new MessageWriter().string(1, name);
  if (typeof value === "number") return out.int(3, value).int(20, 2);
  if (typeof value === "string") return out.string(4, value).int(20, 3);
  if ("float" in value) return out.float(2, value.float).int(20, 1);
  if ("tensor" in value) return out.message(5, value.tensor).int(20, 4);
  if ("graph" in value) return out.message(6, value.graph).int(20, 5);
  for (const entry of value) out.int(8, entry);
  return out.int(20, 7);
}

/** NodeProto; empty strings among `inputs` and `outputs` stand for absent optional ones. */
export function node(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  domain = "",
): MessageWriter {
  const out = new MessageWriter();
  for (const input of inputs) out.string(1, input);
  for (const output of outputs) out.string(2, output);
  out.string(4, opType);
  for (const [name, value] of Object.entries(attributes)) out.message(5, attribute(name, value));
  if (domain) out.string(7, domain);
  return out;
}

/** ValueInfoProto of a tensor; without `dims` its shape is unknown. */
export function valueInfo(name: string, dataType: number, dims?: readonly Dimension[]): MessageWriter {
  const tensorType = new MessageWriter().int(1, dataType);
  if (dims) {
    const shape = new MessageWriter();
    for (const dim of dims) {
      const entry = new MessageWriter();
      if (typeof dim === "number") entry.int(1, dim);
      else if (dim !== null) entry.string(2, dim);
      shape.message(1, entry);
    }
    tensorType.message(2, shape);
  }
  return new MessageWriter().string(1, name).message(2, new MessageWriter().message(1, tensorType));
}

/** GraphProto of a branch: it takes no inputs, and reads the values of the graph around it. */
export function branchGraph(
  name: string,
  nodes: readonly MessageWriter[],
  outputs: readonly MessageWriter[],
): MessageWriter {
  const graph = new MessageWriter();
  for (const entry of nodes) graph.message(1, entry);
  graph.string(2, name);
  for (const entry of outputs) graph.message(12, entry);
  return graph;
}

/** Parts of a ModelProto; each graph field is a finished message. */
export interface ModelParts {
  readonly nodes: readonly MessageWriter[];
  readonly initializers: readonly MessageWriter[];
  readonly inputs: readonly MessageWriter[];
  readonly outputs: readonly MessageWriter[];
  /** Types of inner values. */
  readonly values?: readonly MessageWriter[];
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly irVersion: number;
  /** FunctionProto messages copied from the original file. */
  readonly functions?: readonly Uint8Array[];
}

/** Serialises a ModelProto. */
export function serializeModel(parts: ModelParts): Uint8Array {
  const graph = new MessageWriter();
  for (const entry of parts.nodes) graph.message(1, entry);
  graph.string(2, "stage");
  for (const entry of parts.initializers) graph.message(5, entry);
  for (const entry of parts.inputs) graph.message(11, entry);
  for (const entry of parts.outputs) graph.message(12, entry);
  for (const entry of parts.values ?? []) graph.message(13, entry);
  const model = new MessageWriter().int(1, parts.irVersion).string(2, "state-swap").message(7, graph);
  for (const { domain, version } of parts.opsets) {
    model.message(8, new MessageWriter().string(1, domain).int(2, version));
  }
  for (const entry of parts.functions ?? []) model.bytes(25, entry);
  return model.finish();
}
