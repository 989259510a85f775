/** Ends a computation that a file brings along: a chat template is a program, and some never end. */
import * as vm from "node:vm";
import { isJsonObject } from "./tokenizer-json.ts";

/** Templates take a few milliseconds; a list that grows for so long stays below a gigabyte. */
const MOST_MS = 500;

/**
 * What `work` gives.
 *
 * @throws what it throws, and an error that says so when it takes longer than that
 */
export function withinTime<T>(work: () => T): T {
  const given: { value?: { readonly of: T } } = {};
  const script = new vm.Script("work()");
  const run = (): void => {
    given.value = { of: work() };
  };
  try {
    script.runInNewContext({ work: run }, { timeout: MOST_MS });
  } catch (cause) {
    // The error is one of the script's own realm: no instance of this one's.
    const code = isJsonObject(cause) ? cause.code : undefined;
    if (code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw cause;
    throw new Error(`it takes longer than ${MOST_MS / 1000} s`, { cause });
  }
  return given.value!.of;
}
