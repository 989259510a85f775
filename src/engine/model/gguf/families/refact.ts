/** Refact: as llama, with ALiBi in place of positions. */
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { DENSE } from "./llama.ts";

export const REFACT: Family = {
  ...DENSE,
  architecture: "refact",
  isRotated: () => false,
  constants: () => ({ ...plainConstants(), maxAlibiBias: 8 }),
};
