/** The runtime that tests open models on, where they do not test the choice itself: `STATE_SWAP_TEST_RUNTIME`, else native. */
import { NATIVE } from "../../src/engine/model/runtime/native.ts";
import type { Runtime } from "../../src/engine/model/runtime/runtime.ts";
import { WASM } from "../../src/engine/model/runtime/wasm.ts";

/** Its name, for whatever is opened by path. */
export const TEST_RUNTIME = process.env.STATE_SWAP_TEST_RUNTIME === "wasm" ? "wasm" : "native";

const make = await { native: NATIVE, wasm: WASM }[TEST_RUNTIME].load();
const made = { 1: await make(1), 2: await make(2), 4: await make(4) };

/** The runtime, with so many threads inside one operator. */
export function testRuntime(threads: 1 | 2 | 4): Runtime {
  return made[threads];
}
