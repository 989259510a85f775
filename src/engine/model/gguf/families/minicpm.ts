/** MiniCPM: as granite, by factors that older files do not name. */
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { GRANITE } from "./granite.ts";

export const MINICPM: Family = {
  ...GRANITE,
  architecture: "minicpm",
  variant: () => ({}),
  constants: (fields) => {
    const named = (name: string, usual: number): number => fields.positiveOrNull(name) ?? usual;
    return {
      ...plainConstants(),
      embeddingScale: named("embedding_scale", 12),
      residualScale: named("residual_scale", 1.4 / Math.sqrt(fields.positive("block_count"))),
      logitScale: 1 / named("logit_scale", 256 / fields.positive("embedding_length")),
    };
  },
};
