/** Families whose files differ from llama's in little more than names: tiny files of each, through the suite of every family. */
import { FAMILY_FILES, familyOf } from "../../../../../support/gguf/family-files.ts";
import { familySuite } from "../../../../../support/gguf/family-suite.ts";

for (const [architecture, options] of Object.entries(FAMILY_FILES))
  familySuite(familyOf(architecture), { "as its files are": options });
