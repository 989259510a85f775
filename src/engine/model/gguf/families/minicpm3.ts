/** MiniCPM3: as minicpm, with latent attention, half-split rotary pairs, and factors that its files do not name. */
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { DENSE } from "./llama.ts";

export const MINICPM3: Family = {
  ...DENSE,
  architecture: "minicpm3",
  isLatent: true,
  ropePairing: "halves",
  constants: (fields) => ({
    ...plainConstants(),
    embeddingScale: 12,
    residualScale: 1.4 / Math.sqrt(fields.positive("block_count")),
    logitScale: 256 / fields.positive("embedding_length"),
  }),
};
