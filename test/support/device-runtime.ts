/** The tests' runtime as one whose outputs can stay on a device: the same numbers, in tensors that nobody can read. */
import type { DeviceTensor, Runtime, Session, Tensor } from "../../src/engine/model/runtime/runtime.ts";
import { float32, floatData } from "../../src/engine/model/runtime/runtime.ts";
import { testRuntime } from "./runtime.ts";

/** A runtime, and how many tensors lie on its device. */
export interface DeviceRuntime {
  readonly runtime: Runtime;
  readonly live: () => number;
}

/** Rows are taken to depend on their batch, as on graphics cards. Reading or releasing what was released throws. */
export function deviceRuntime(): DeviceRuntime {
  const host = testRuntime(1);
  const contents = new Map<DeviceTensor, Tensor>();
  const tensorOf = (value: Tensor | DeviceTensor): Tensor => {
    if ("data" in value) return value;
    const tensor = contents.get(value);
    if (!tensor) throw new Error("a tensor that was released, or is another device's");
    return tensor;
  };
  const onHost = (feeds: Parameters<Session["run"]>[0]): Readonly<Record<string, Tensor>> =>
    Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, tensorOf(value)]));
  const runtime: Runtime = {
    ...host,
    isBatchInvariant: false,
    keepsOutputs: true,
    createSession: async (model, { kept, ...settings }) => {
      const session = await host.createSession(model, settings);
      const run: Session["run"] = (feeds, outputs, isQuiet) => session.run(onHost(feeds), outputs, isQuiet);
      const release = (): Promise<void> => session.release();
      if (kept === undefined) return { run, release };
      const runKept: Session["runKept"] = async (feeds) => {
        const outputs = await run(feeds, [kept]);
        const { dims } = outputs[kept]!;
        const tensor: DeviceTensor = {
          dims,
          release: () => {
            if (!contents.delete(tensor)) throw new Error("a tensor was released twice");
          },
        };
        contents.set(tensor, float32(floatData(outputs, kept), dims));
        return tensor;
      };
      return { run, runKept, release };
    },
  };
  return { runtime, live: () => contents.size };
}
