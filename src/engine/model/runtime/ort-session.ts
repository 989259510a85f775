/** A session of ONNX Runtime's JavaScript API, which its native library and its WebAssembly have in common. */
import type { InferenceSession, TensorConstructor } from "onnxruntime-node";
import type { Feeds, Outputs, Session } from "./runtime.ts";

/** Errors that a trial expects are not printed. */
const QUIET: InferenceSession.RunOptions = { logSeverityLevel: 4 };

/** Data of feeds becomes tensors, and outputs stay what they are. */
export class OrtSession implements Session {
  readonly #tensor: TensorConstructor;
  readonly #session: InferenceSession;

  constructor(ort: { readonly Tensor: TensorConstructor }, session: InferenceSession) {
    this.#tensor = ort.Tensor;
    this.#session = session;
  }

  async run(feeds: Feeds, outputs?: readonly string[], isQuiet = false): Promise<Outputs> {
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new this.#tensor(type, data, dims)]),
    );
    const options = isQuiet ? QUIET : {};
    return outputs ? this.#session.run(tensors, [...outputs], options) : this.#session.run(tensors, options);
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
