/** Nemotron and Minitron: LayerNorm whose + 1 is in the file, part of each head rotated, a squared ReLU without a gate. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const NEMOTRON: Family = {
  ...DENSE,
  architecture: "nemotron",
  ropePairing: "halves",
  norm: "layer",
  activation: "relu-squared",
  isGated: false,
};
