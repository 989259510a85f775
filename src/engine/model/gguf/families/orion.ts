/** Orion: as llama with half-split rotary pairs and LayerNorm. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const ORION: Family = {
  ...DENSE,
  architecture: "orion",
  ropePairing: "halves",
  norm: "layer",
};
