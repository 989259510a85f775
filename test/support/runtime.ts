/** The runtime that tests open models on, where they do not test the choice itself. */
import { NATIVE } from "../../src/engine/model/runtime/native.ts";

/** Makes it, with so many threads. */
export const testRuntime = await NATIVE.load();
