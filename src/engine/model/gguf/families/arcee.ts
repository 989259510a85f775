/** Arcee (AFM): as llama, with a squared ReLU without a gate. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const ARCEE: Family = {
  ...DENSE,
  architecture: "arcee",
  activation: "relu-squared",
  isGated: false,
};
