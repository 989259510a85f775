/** Nanbeige: as llama, where its blocks run once. */
import { unsupported } from "../metadata-fields.ts";
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const NANBEIGE: Family = {
  ...DENSE,
  architecture: "nanbeige",
  variant: ({ fields }) => {
    if ((fields.optional("num_loops") ?? 1) > 1)
      throw unsupported(fields.gguf, "blocks that run several times (num_loops)");
    return {};
  },
};
