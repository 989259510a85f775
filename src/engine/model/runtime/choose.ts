/** Which runtime opens a model: the table of runtimes, and the rule. */
import { SwapError } from "../../../shared/errors.ts";
import type {
  RuntimeChoice,
  RuntimeFault,
  RuntimeName,
  RuntimeUse,
} from "../../../shared/experiment/runtime.ts";
import { refusalText } from "../../../shared/words/runtime.ts";
import type { RuntimeDescriptor } from "./descriptor.ts";
import { RuntimeUnavailable } from "./descriptor.ts";
import { machineName } from "./machine.ts";
import { NATIVE } from "./native.ts";
import type { Runtime } from "./runtime.ts";
import { WASM } from "./wasm.ts";
import { WEBGPU } from "./webgpu.ts";

/** One file each. */
const DESCRIPTORS: Readonly<Record<RuntimeName, RuntimeDescriptor>> = {
  native: NATIVE,
  webgpu: WEBGPU,
  wasm: WASM,
};

/**
 * What is tried for each choice, in this order. A runtime that was asked for by name has no other behind it but where it may
 * fail on a single model.
 */
const ORDER: Readonly<Record<RuntimeChoice, readonly RuntimeName[]>> = {
  auto: ["native", "wasm"],
  native: ["native"],
  webgpu: ["webgpu", "native"],
  wasm: ["wasm"],
};

/** Why each runtime is not to be had here, in the table's order; null for those that load. */
export function runtimeFaults(): Promise<{ name: RuntimeName; fault: RuntimeFault | null }[]> {
  return Promise.all(
    Object.values(DESCRIPTORS).map(async ({ name, load }) => {
      try {
        await load();
        return { name, fault: null };
      } catch (error) {
        if (error instanceof RuntimeUnavailable) return { name, fault: error.fault };
        throw error;
      }
    }),
  );
}

/** For a runtime that must prove itself on each model. */
export interface Proof {
  /** Whose numbers it must give. */
  readonly peer: Runtime;
  /** The error for one that does not. */
  readonly refuse: (code: RuntimeFault["code"], detail: string, cause: unknown) => RuntimeUnavailable;
}

/** What was opened, and on what. */
interface Opened<T> {
  readonly opened: T;
  readonly use: Omit<RuntimeUse, "parity">;
}

/**
 * Opens something on the first runtime that is to be had.
 *
 * @param threads inside one operator
 * @param open gets what it needs where the runtime must prove itself, and the fault of the one before it; may throw RuntimeUnavailable too, where a runtime
 *   shows with the model only that it does not do: then the next one is tried
 * @throws SwapError `runtime-unavailable` with every reason when none is to be had, and what `open` throws
 */
export async function withRuntime<T>(
  asked: RuntimeChoice,
  threads: number,
  open: (runtime: Runtime, proof: Proof | null, fault: RuntimeFault | null) => Promise<T>,
): Promise<Opened<T>> {
  const faults: RuntimeFault[] = [];
  for (const name of ORDER[asked]) {
    try {
      const { load, peer } = DESCRIPTORS[name];
      const make = await load();
      const proof = peer && {
        peer: await (await DESCRIPTORS[peer].load())(threads),
        refuse: (code: RuntimeFault["code"], detail: string, cause: unknown) =>
          new RuntimeUnavailable(
            { runtime: name, code, machine: machineName(), builtFor: null, detail },
            cause,
          ),
      };
      const opened = await open(await make(threads), proof, faults[0] ?? null);
      return { opened, use: { name, asked, fault: faults[0] ?? null } };
    } catch (error) {
      if (!(error instanceof RuntimeUnavailable)) throw error;
      faults.push(error.fault);
    }
  }
  throw new SwapError(
    "runtime-unavailable",
    refusalText(faults),
    asked === "auto" ? "" : { code: "choose-runtime" },
  );
}
