/** SmolLM3: as llama, with each fourth block unrotated. */
import type { Family } from "./family.ts";
import { allButEach } from "./family.ts";
import { DENSE } from "./llama.ts";

export const SMOLLM3: Family = {
  ...DENSE,
  architecture: "smollm3",
  isRotated: allButEach(4),
};
