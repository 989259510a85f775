/** A session of ONNX Runtime's JavaScript API, which its native library and its WebAssembly have in common. */
import type { InferenceSession, Tensor, TensorConstructor } from "onnxruntime-node";
import { pulse } from "../../pulse.ts";
import type { DeviceFeeds, DeviceTensor, Outputs, Session } from "./runtime.ts";

/** Errors that a trial expects are not printed. */
const QUIET: InferenceSession.RunOptions = { logSeverityLevel: 4 };

/** The library, as far as sessions need it. */
export interface TensorLibrary {
  readonly Tensor: TensorConstructor;
}

/** A tensor of the library that lies on the device. */
export class OrtDeviceTensor implements DeviceTensor {
  readonly tensor: Tensor;
  readonly #released: (tensor: OrtDeviceTensor) => void;

  constructor(tensor: Tensor, released: (tensor: OrtDeviceTensor) => void) {
    this.tensor = tensor;
    this.#released = released;
  }

  get dims(): readonly number[] {
    return this.tensor.dims;
  }

  release(): void {
    this.tensor.dispose();
    this.#released(this);
  }
}

/** Data of feeds becomes tensors, and outputs stay what they are. */
export class OrtSession implements Session {
  readonly #ort: TensorLibrary;
  readonly #session: InferenceSession;

  constructor(ort: TensorLibrary, session: InferenceSession) {
    this.#ort = ort;
    this.#session = session;
  }

  run(feeds: DeviceFeeds, outputs?: readonly string[], isQuiet = false): Promise<Outputs> {
    return this.runTensors(feeds, outputs, isQuiet);
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  protected async runTensors(
    feeds: DeviceFeeds,
    outputs?: readonly string[],
    isQuiet = false,
  ): Promise<InferenceSession.ReturnType> {
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, value]) => [name, this.#tensorOf(value)]),
    );
    const options = isQuiet ? QUIET : {};
    return pulse.kernel(tokensOf(tensors), () =>
      outputs ? this.#session.run(tensors, [...outputs], options) : this.#session.run(tensors, options),
    );
  }

  #tensorOf(value: DeviceFeeds[string]): Tensor {
    if (value instanceof OrtDeviceTensor) return value.tensor;
    if (!("data" in value)) throw new Error("a tensor on the device of another runtime");
    return new this.#ort.Tensor(value.type, value.data, value.dims);
  }
}

/** Token positions that a run computes, at most: the last axis of a tensor of states is their width. */
function tokensOf(tensors: Readonly<Record<string, Tensor>>): number {
  const counts = Object.values(tensors).map(({ dims }) =>
    dims.slice(0, dims.length > 2 ? -1 : undefined).reduce((product, size) => product * size, 1),
  );
  return Math.max(1, ...counts);
}
