/** Families that compute scores otherwise beyond some position: prompts are kept below it, whatever context the file names. */
import { expect, test } from "vitest";
import { allFamilyFiles } from "../../../../support/gguf/all-family-files.ts";
import { open } from "../../../../support/gguf/gguf-variants.ts";

test.each([
  ["llama4", 131_072, 8191],
  ["llama4", 64, 64],
  ["mistral3", 262_144, 32],
  ["mistral4", 262_144, 32],
  ["qwen2vl", 131_072, 131_072],
])("%s with a context of %i", async (name, context, expected) => {
  const options = allFamilyFiles[name]!;
  const decoder = await open({
    ...options,
    metadata: { ...options.metadata, [`${name}.context_length`]: ["u32", context] },
  });
  expect(decoder.info.contextLength).toBe(expected);
});
