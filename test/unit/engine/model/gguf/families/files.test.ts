/**
 * Tiny files of families, as converters write them, through the suite of every family. Of the newer ones those that compute
 * something of their own: the others are other families by another name, and held to llama.cpp's logits.
 */
import { allFamilyFiles } from "../../../../../support/gguf/all-family-files.ts";
import { FAMILY_FILES } from "../../../../../support/gguf/family-files.ts";
import { familySuite } from "../../../../../support/gguf/family-suite.ts";

const OF_THEIR_OWN = [
  ...[
    "afmoe",
    "apertus",
    "arctic",
    "cohere2moe",
    "granite_swa",
    "grok",
    "jais",
    "llama4",
    "minicpm3",
    "smallthinker",
  ],
  ...["llama, scales of weights", "qwen3moe, scales of weights"],
  "deepseek2, gate and up of experts in one tensor",
];

for (const name of [...Object.keys(FAMILY_FILES), ...OF_THEIR_OWN]) {
  const { family, ...options } = allFamilyFiles[name]!;
  familySuite(family, { [name]: options });
}
