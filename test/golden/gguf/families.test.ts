/**
 * Tiny random files of families against llama.cpp, libllama 0.5.0 with ggml 0.25.3: logits of the last position, and two of
 * each before it (all tokens in one batch, cache of float32, no flash attention, one thread). `tools/gguf/llama-cpp-goldens.mjs`
 * makes them.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { PROMPT, allFamilyFiles, toleranceOf } from "../../support/gguf/all-family-files.ts";
import { open, run } from "../../support/gguf/gguf-variants.ts";

interface Golden {
  /** `[vocab]` */
  readonly last: readonly number[];
  /** `[positions - 1][2]` */
  readonly before: readonly (readonly number[])[];
}

const goldens = JSON.parse(
  fs.readFileSync(path.join(import.meta.dirname, "llama-cpp-logits.json"), "utf8"),
) as Readonly<Record<string, Golden>>;

test("each file has its golden", () => {
  expect(Object.keys(goldens).sort()).toEqual(Object.keys(allFamilyFiles).sort());
});

test.each(Object.entries(allFamilyFiles))("%s", async (name, options) => {
  const { last, before } = goldens[name]!;
  const decoder = await open(options);
  const states = (await run(decoder, PROMPT)).states.at(-1)!;
  const { data, width } = await decoder.logits({
    data: states.data,
    rows: states.positions,
    width: states.width,
  });
  expect(last.length).toBe(width);
  const tolerance = Math.max(...last.map(Math.abs)) * toleranceOf(name);
  for (const [position, row] of [...before, last].entries())
    for (const [token, logit] of row.entries())
      expect(Math.abs(data[position * width + token]! - logit)).toBeLessThan(tolerance);
});
