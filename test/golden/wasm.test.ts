/**
 * The WebAssembly runtime beside the native one: a few models of each kind give their goldens on it, and every condition what the
 * native one gives. `npm run test:wasm` does so for all fixtures, and prints how far each kind of numbers is off.
 */
import * as path from "node:path";
import { afterAll } from "vitest";
import { ggufFixtures, onnxFixtures } from "../support/models/fixtures.ts";
import type { Measured } from "../support/other-runtime.ts";
import { embeddedSubject, fixtureSubject, otherRuntimeSuite } from "../support/other-runtime.ts";
import { TEST_RUNTIME } from "../support/runtime.ts";

/** fp32, half floats, 4 bits, weights in a file of their own, GGUF. */
const FEW = ["llama__past", "llama__fp16", "llama__q4", "llama__extdata", "gguf_llama__Q4_0"];
/** Without a tokenizer. */
const NEVER = /^gguf_qwen3__F32$/;
const folder = path.resolve(import.meta.dirname, "../fixtures");
const fixtures =
  TEST_RUNTIME === "wasm"
    ? [...onnxFixtures(), ...ggufFixtures()].filter(({ name }) => !NEVER.test(name))
    : FEW.map((name) => ({ name, folder: path.join(folder, name) }));

const measured: (Measured & { readonly name: string })[] = [];
for (const subject of [embeddedSubject(), ...fixtures.map(fixtureSubject)]) {
  otherRuntimeSuite("wasm", subject, {
    conditionTokens: subject.name === "llama__past" ? 6 : 0,
    measured: (numbers) => measured.push({ name: subject.name, ...numbers }),
  });
}

afterAll(() => {
  console.table(
    measured.map(({ name, numeric, ...numbers }) => ({
      name,
      numeric,
      ...Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, value.toExponential(1)])),
    })),
  );
});
