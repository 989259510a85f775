/** All tiny files that llama.cpp's logits are known of, and how near this engine comes to it. */
import type { Family } from "../../../src/engine/model/gguf/families/family.ts";
import { FAMILY_FILES, familyOf } from "./family-files.ts";
import { FAMILY_VARIANTS } from "./family-variants.ts";
import type { TinyOptions } from "./gguf-random.ts";
import { LATENT_FILES } from "./latent-files.ts";
import { NEWER_FAMILY_FILES } from "./newer-family-files.ts";

/** Token ids. */
export const PROMPT: readonly number[] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 35, 8, 9, 7];

/** By name: the architecture, and behind a comma what the file differs in. */
export const allFamilyFiles: Readonly<Record<string, TinyOptions & { readonly family: Family }>> =
  Object.fromEntries(
    Object.entries({ ...FAMILY_FILES, ...NEWER_FAMILY_FILES, ...LATENT_FILES, ...FAMILY_VARIANTS }).map(
      ([name, options]) => [name, { ...options, family: familyOf(architectureOf(name)) }],
    ),
  );

/** ggml reads GELU from a table of half floats. */
const WITH_GELU = new Set(["codeshell", "gemma3", "gptneox", "grok", "mpt", "phi2", "starcoder"]);

/** Largest difference of logits, as a share of the largest logit. */
export function toleranceOf(name: string): number {
  return WITH_GELU.has(architectureOf(name)) ? 1e-3 : 1e-5;
}

function architectureOf(name: string): string {
  return name.split(",", 1)[0]!;
}
