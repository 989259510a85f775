/**
 * Tiny random files of families without a fixture against llama.cpp: logits of the last position, by libllama 0.5.0 (those
 * with latent attention and glm4moe by build 11549) on the same bytes (all tokens in one batch, cache of float32, no flash
 * attention, one thread).
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { FAMILY_FILES, familyOf } from "../../support/gguf/family-files.ts";
import { LATENT_FILES } from "../../support/gguf/latent-files.ts";
import { open, run } from "../../support/gguf/gguf-variants.ts";

const ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 35, 8, 9, 7];
const goldens = JSON.parse(
  fs.readFileSync(path.join(import.meta.dirname, "llama-cpp-logits.json"), "utf8"),
) as Readonly<Record<string, readonly number[]>>;

/** ggml reads GELU from a table of half floats. */
const WITH_GELU = new Set(["gptneox", "mpt", "phi2"]);

const files = [
  ...Object.entries(FAMILY_FILES).map(([name, options]) => [name, name, options] as const),
  ...Object.entries(LATENT_FILES).map(([name, options]) => [name, "deepseek2", options] as const),
];

test("each file has its golden", () => {
  expect(Object.keys(goldens).sort()).toEqual(files.map(([name]) => name).sort());
});

test.each(files)("%s", async (name, architecture, options) => {
  const expected = goldens[name]!;
  const decoder = await open({ ...options, family: familyOf(architecture) });
  const last = (await run(decoder, ids)).states.at(-1)!;
  const state = { data: last.data.slice(-last.width), rows: 1, width: last.width };
  const { data } = await decoder.logits(state);
  expect(data.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  const tolerance = largest * (WITH_GELU.has(architecture) ? 1e-3 : 1e-5);
  for (const [token, logit] of expected.entries())
    expect(Math.abs(data[token]! - logit)).toBeLessThan(tolerance);
});
