/** EXAONE 3: as llama with half-split rotary pairs. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const EXAONE: Family = {
  ...DENSE,
  architecture: "exaone",
  ropePairing: "halves",
};
