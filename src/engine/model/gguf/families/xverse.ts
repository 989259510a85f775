/** XVERSE: as llama, by another name. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const XVERSE: Family = {
  ...DENSE,
  architecture: "xverse",
};
