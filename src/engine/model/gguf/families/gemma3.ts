/** Gemma 3 (text): as gemma2 without the cap of scores, with head norms, and five windowed blocks before each full one, rotated otherwise. */
import type { Family } from "./family.ts";
import { allButEach } from "./family.ts";
import { GEMMA2, gemmaConstants } from "./gemma2.ts";

export const GEMMA3: Family = {
  ...GEMMA2,
  usualWindow: null,
  architecture: "gemma3",
  isWindowed: allButEach(6),
  windowedRope: "own",
  constants: (fields) => ({ ...gemmaConstants(fields, 62), attentionCap: null }),
};
