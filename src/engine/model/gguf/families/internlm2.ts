/** InternLM 2 and 2.5: as llama, by another name. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const INTERNLM2: Family = {
  ...DENSE,
  architecture: "internlm2",
};
