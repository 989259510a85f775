/** Tiny files of families, as converters write them, through the suite of every family. */
import { allFamilyFiles } from "../../../../../support/gguf/all-family-files.ts";
import { familySuite } from "../../../../../support/gguf/family-suite.ts";

for (const [name, { family, ...options }] of Object.entries(allFamilyFiles))
  // Files of many blocks say nothing more of one block.
  if ((options.blocks ?? 2) <= 10) familySuite(family, { [name]: options });
