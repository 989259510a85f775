/**
 * Ends a computation that a file brings along: a chat template is a program, a pattern may backtrack for ever. V8 can end both where
 * they run; an engine without backtracking (RE2) has neither the look-aheads nor the classes that pre-tokenizers are written with.
 */
import * as vm from "node:vm";
import { isJsonObject } from "./tokenizer-json.ts";

/** Templates take a few milliseconds; a list that grows for so long stays below a gigabyte. */
export const MOST_TEMPLATE_MS = 500;
/** A vocabulary of 300,000 takes seconds on a busy machine. */
export const MOST_OPENING_MS = 60_000;

/** Thrown in place of an answer; says so. */
export class TookTooLong extends Error {}

const SCRIPT = new vm.Script("work()");
/** Made once: a context for each call would take a millisecond. */
const PLACE: { work?: () => void } = {};
const CONTEXT = vm.createContext(PLACE);

/**
 * What `work` gives.
 *
 * @throws what it throws, and TookTooLong when it takes longer than `mostMs`
 */
export function withinTime<T>(work: () => T, mostMs: number): T {
  const given: { value?: { readonly of: T } } = {};
  PLACE.work = () => {
    given.value = { of: work() };
  };
  try {
    SCRIPT.runInContext(CONTEXT, { timeout: Math.ceil(mostMs) });
  } catch (cause) {
    // The error is one of the script's own realm: no instance of this one's.
    const code = isJsonObject(cause) ? cause.code : undefined;
    if (code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw cause;
    throw new TookTooLong(`it takes longer than ${mostMs / 1000} s`, { cause });
  } finally {
    delete PLACE.work;
  }
  return given.value!.of;
}
