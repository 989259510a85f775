/** An ONNX graph as read from a file: names, wiring and byte ranges; weights stay where they are. */

/** Bytes `[offset, offset + length)` of the model file. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Where a tensor's data stands outside the model file (TensorProto.external_data). */
export interface ExternalData {
  readonly location: string;
  readonly offset: number;
  /** Null when the file does not say: up to the end of the data file. */
  readonly length: number | null;
}

/** A TensorProto without its data. */
export interface OnnxTensor {
  readonly name: string;
  /** TensorProto.DataType. */
  readonly dataType: number;
  readonly dims: readonly number[];
  /** The whole message, for copying small tensors as they are; null for tensors made here. */
  readonly span: ByteRange | null;
  /** `raw_data`, or null when the data is external or in typed fields. */
  readonly raw: ByteRange | null;
  /** Contents of `raw_data` when it is small (at most 4 KiB). */
  readonly rawBytes: Uint8Array | null;
  readonly external: ExternalData | null;
  /** Values of `int32_data` / `int64_data` when small; null otherwise. */
  readonly integers: readonly number[] | null;
  /** The message itself, for tensors made while rewriting. */
  readonly message: Uint8Array | null;
}

/** An AttributeProto. Its message is copied as it is into stages. */
export interface OnnxAttribute {
  readonly name: string;
  readonly message: Uint8Array;
  readonly int: number | null;
  readonly float: number | null;
  readonly string: string | null;
  readonly ints: readonly number[] | null;
  readonly tensor: OnnxTensor | null;
  readonly graph: OnnxGraph | null;
}

/** A NodeProto. Empty strings among inputs and outputs stand for absent optional ones. */
export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** A ValueInfoProto. `dims` null: unknown rank; a dim is a number, a symbol, or null. */
export interface OnnxValue {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly (number | string | null)[] | null;
}

/** A GraphProto. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** `value_info`: types of inner values, by name. */
  readonly values: ReadonlyMap<string, OnnxValue>;
}

/** A ModelProto. */
export interface OnnxModel {
  /** Absolute path. */
  readonly file: string;
  readonly size: number;
  readonly irVersion: number;
  readonly producer: string;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly graph: OnnxGraph;
  /** FunctionProto messages, copied as they are. */
  readonly functions: readonly Uint8Array[];
  /** Further graph files in its folder that are part of it, by name; absent: none. */
  readonly joined?: readonly string[];
}
