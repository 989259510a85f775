/**
 * A session whose outputs stay on the device (IO binding of onnxruntime-node). What the binding lacks is gone round here: its own
 * `getData` ends the process, so another session reads; only `dispose` gives memory back, and after the session ends the process,
 * too; and who once asked for some outputs must ask for no fewer, so that all are asked for always (docs/webgpu.md).
 */
import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { TensorLibrary } from "./ort-session.ts";
import { OrtDeviceTensor, OrtSession } from "./ort-session.ts";
import type { DeviceFeeds, DeviceTensor, Outputs, Session } from "./runtime.ts";

/** Owns what it left on the device. */
export class DeviceSession extends OrtSession {
  readonly #kept: string;
  readonly #reader: Session;
  readonly #live = new Set<OrtDeviceTensor>();

  /**
   * @param session made to leave its outputs on the device
   * @param kept the one that runs may leave there
   * @param reader gives its input `x`, from the device, as its output `y`, on the host
   */
  constructor(ort: TensorLibrary, session: InferenceSession, kept: string, reader: Session) {
    super(ort, session);
    this.#kept = kept;
    this.#reader = reader;
  }

  override async run(feeds: DeviceFeeds, outputs?: readonly string[], isQuiet = false): Promise<Outputs> {
    const results = await this.runTensors(feeds, undefined, isQuiet);
    const read: Record<string, Outputs[string]> = {};
    try {
      for (const name of outputs ?? Object.keys(results)) {
        const x = new OrtDeviceTensor(results[name]!, () => undefined);
        read[name] = (await this.#reader.run({ x })).y!;
      }
    } finally {
      for (const result of Object.values(results)) result.dispose();
    }
    return read;
  }

  readonly runKept = async (feeds: DeviceFeeds): Promise<DeviceTensor> => {
    const { [this.#kept]: kept, ...others } = await this.runTensors(feeds);
    for (const other of Object.values(others)) other.dispose();
    return this.#own(kept!);
  };

  override release(): Promise<void> {
    for (const tensor of this.#live) tensor.release();
    return super.release();
  }

  #own(result: Tensor): OrtDeviceTensor {
    const tensor = new OrtDeviceTensor(result, (released) => this.#live.delete(released));
    this.#live.add(tensor);
    return tensor;
  }
}
