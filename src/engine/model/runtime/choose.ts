/** Which runtime opens a model: the table of runtimes, and the rule. */
import { SwapError } from "../../../shared/errors.ts";
import type {
  RuntimeChoice,
  RuntimeFault,
  RuntimeName,
  RuntimeUse,
} from "../../../shared/experiment/runtime.ts";
import { cureText, faultText } from "../../../shared/words/runtime.ts";
import type { RuntimeDescriptor } from "./descriptor.ts";
import { RuntimeUnavailable } from "./descriptor.ts";
import { NATIVE } from "./native.ts";
import type { Runtime } from "./runtime.ts";
import { WASM } from "./wasm.ts";

/** One file each. */
const DESCRIPTORS: Readonly<Record<RuntimeName, RuntimeDescriptor>> = { native: NATIVE, wasm: WASM };

/** What is tried for each choice, in this order. A runtime that was asked for by name has no other behind it. */
const ORDER: Readonly<Record<RuntimeChoice, readonly RuntimeName[]>> = {
  auto: ["native", "wasm"],
  native: ["native"],
  wasm: ["wasm"],
};

/** What was opened, and on what. */
interface Opened<T> {
  readonly opened: T;
  readonly use: RuntimeUse;
}

/**
 * Opens something on the first runtime that is to be had.
 *
 * @param threads inside one operator
 * @param open gets the fault of the runtime before it, too; may throw RuntimeUnavailable too, where a runtime shows with the model only that it does not do: then the
 * next one is tried
 * @throws SwapError `runtime-unavailable` with every reason when none is to be had, and what `open` throws
 */
export async function withRuntime<T>(
  asked: RuntimeChoice,
  threads: number,
  open: (runtime: Runtime, fault: RuntimeFault | null) => Promise<T>,
): Promise<Opened<T>> {
  const faults: RuntimeFault[] = [];
  for (const name of ORDER[asked]) {
    try {
      const make = await DESCRIPTORS[name].load();
      const opened = await open(await make(threads), faults[0] ?? null);
      return { opened, use: { name, asked, fault: faults[0] ?? null } };
    } catch (error) {
      if (!(error instanceof RuntimeUnavailable)) throw error;
      faults.push(error.fault);
    }
  }
  const said = faults.flatMap((fault) => [faultText(fault), cureText(fault)]).filter((text) => text !== "");
  throw new SwapError(
    "runtime-unavailable",
    said.join(" "),
    asked === "auto" ? "" : { code: "choose-runtime" },
  );
}
