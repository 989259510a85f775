/**
 * The seam for runtimes: what back ends ask of whatever runs their graphs. Tensors are plain data, so that feeds are made
 * without one; a runtime takes serialised ModelProtos, and says what it can do beside that.
 */

/** Element types that cross the border, with the arrays that hold them. */
export interface TensorData {
  readonly float32: Float32Array;
  /** Bits of half floats. */
  readonly float16: Uint16Array;
  readonly int64: BigInt64Array;
  readonly int32: Int32Array;
  /** 0 or 1. */
  readonly bool: Uint8Array;
}

export type TensorType = keyof TensorData;

/** Numbers with a shape, row-major. */
export type Tensor = {
  readonly [T in TensorType]: {
    readonly type: T;
    readonly data: TensorData[T];
    readonly dims: readonly number[];
  };
}[TensorType];

/** An output that stays where the runtime computes, for its sessions to read. Whoever has it releases it, once. */
export interface DeviceTensor {
  readonly dims: readonly number[];
  release(): void;
}

/** Tensors by the names of inputs. */
export type Feeds = Readonly<Record<string, Tensor>>;
/** The same, some of them on the device. */
export type DeviceFeeds = Readonly<Record<string, Tensor | DeviceTensor>>;

/** An output; of the types that back ends do not ask for, too. */
export interface OutputTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

export type Outputs = Readonly<Record<string, OutputTensor>>;

/** A graph ready to run. */
export interface Session {
  /**
   * Runs the graph once.
   *
   * @param outputs the wanted ones; all of them without it
   * @param isQuiet nothing is printed when it fails: for trials
   * @throws the runtime's raw error; callers turn it into a SwapError
   */
  run(feeds: DeviceFeeds, outputs?: readonly string[], isQuiet?: boolean): Promise<Outputs>;
  /** Runs the graph and leaves `SessionSettings.kept` on the device; only where that was given. */
  readonly runKept?: (feeds: DeviceFeeds) => Promise<DeviceTensor>;
  /** Frees its memory at once. */
  release(): Promise<void>;
}

/** What a session needs beside its graph. */
export interface SessionSettings {
  /** Real directory (no symlinks) that external-data locations are relative to; only where `mapsFiles`. */
  readonly externalFolder?: string;
  /** External data handed over in memory, by location; copied while the session is created. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** Nodes by name whose functions graphics cards only approximate (sines to 11 bits): they run on the CPU. */
  readonly exactNodes?: readonly string[];
  /** The float32 output that runs may leave on the device; only where `keepsOutputs`. */
  readonly kept?: string;
}

/** Runs graphs. */
export interface Runtime {
  /** For messages: `onnxruntime`. */
  readonly name: string;
  /** Whether weights are used where they lie in files; else they are all handed over in memory. */
  readonly mapsFiles: boolean;
  /** Bytes that all of it may take; absent: as many as the machine has. */
  readonly memoryLimit?: number;
  /**
   * Rows that a product takes at once: one that ends in a single row takes another kernel, whose sums end in other bits.
   * Rows are padded so that none does.
   */
  readonly productRows: number;
  /** Whether a row, so padded, has the same bits whatever rows run beside it; else each batch takes its own reference along. */
  readonly isBatchInvariant: boolean;
  /**
   * Operators that it runs elsewhere, with copies there and back: graphs that back ends build spell them out in others. Those
   * that a back end has another spelling for: `Attention`, `FusedMatMul`.
   */
  readonly lacks: ReadonlySet<string>;
  /** Whether it computes elsewhere than on the host, and outputs can stay there. */
  readonly keepsOutputs: boolean;
  /** Creates a session from a serialised ModelProto. @throws the runtime's raw error */
  createSession(model: Uint8Array, settings: SessionSettings): Promise<Session>;
}

/** A float32 tensor over `data` (not copied). */
export function float32(data: Float32Array, dims: readonly number[]): Tensor {
  return { type: "float32", data, dims };
}

/** An int64 tensor from plain numbers. */
export function int64(values: readonly number[], dims: readonly number[]): Tensor {
  return { type: "int64", data: BigInt64Array.from(values, BigInt), dims };
}

/** An int32 tensor from plain numbers. */
export function int32(values: readonly number[], dims: readonly number[]): Tensor {
  return { type: "int32", data: Int32Array.from(values), dims };
}

/** A bool tensor from plain booleans. */
export function bool(values: readonly boolean[], dims: readonly number[]): Tensor {
  return { type: "bool", data: Uint8Array.from(values, Number), dims };
}

/** A tensor without elements; for empty KV caches. */
export function empty(type: "float32" | "float16", dims: readonly number[]): Tensor {
  return type === "float32" ? float32(new Float32Array(0), dims) : { type, data: new Uint16Array(0), dims };
}

/** The float32 data of an output. Throws when the output is missing or of another type: a defect of the stage's graph. */
export function floatData(outputs: Outputs, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`output ${name} is not a float32 tensor`);
  return data;
}
