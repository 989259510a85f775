/** What a runtime declares of itself before it is loaded, and how it says that it is not to be had. */
import type { RuntimeFault, RuntimeName } from "../../../shared/experiment/runtime.ts";
import type { Runtime } from "./runtime.ts";

/** One runtime: a file each beside this one, listed in `choose.ts`. */
export interface RuntimeDescriptor {
  readonly name: RuntimeName;
  /** The runtime whose numbers this one must give, compared on each model before it is used; null: it is exact. */
  readonly peer: RuntimeName | null;
  /**
   * Loads its library.
   *
   * @returns makes the runtime, with so many threads inside one operator
   * @throws RuntimeUnavailable
   */
  readonly load: () => Promise<(threads: number) => Runtime | Promise<Runtime>>;
}

/** Thrown where a runtime is not to be had: a reason to take the next one, not a failure of the model. */
export class RuntimeUnavailable extends Error {
  readonly fault: RuntimeFault;

  constructor(fault: RuntimeFault, cause: unknown) {
    super(`${fault.runtime}: ${fault.detail}`, { cause });
    this.name = "RuntimeUnavailable";
    this.fault = { ...fault, detail: sentenceOf(fault.detail) };
  }
}

/** What ONNX Runtime says, without the place in its sources and the condition that stand before it. */
function sentenceOf(line: string): string {
  return line.replace(/^\S+\.(?:cc|cpp|h):\d+ (?:.* was false\. )?/, "").trim();
}
