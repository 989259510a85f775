/** SmallThinker: experts of a gated ReLU, chosen by the block's input; the first of four blocks sees all and is not rotated. */
import type { Family } from "./family.ts";
import { allButFirstOf } from "./family.ts";
import { DENSE } from "./llama.ts";

export const SMALLTHINKER: Family = {
  ...DENSE,
  architecture: "smallthinker",
  ropePairing: "halves",
  activation: "relu",
  isWindowed: allButFirstOf(4),
  isRotated: allButFirstOf(4),
  routing: { gating: "sigmoid", isNormalised: true },
  routesByInput: true,
  variant: ({ fields }) =>
    fields.positiveOrNull("attention.sliding_window") === null ? { isRotated: () => true } : {},
};
