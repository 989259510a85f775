/** DeepSeek-V2, V3 and what is built like them (Kimi K2, GLM-4.7 Flash): latent attention, and experts behind dense first blocks. */
import type { MetadataFields } from "../metadata-fields.ts";
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { DENSE } from "./llama.ts";

export const DEEPSEEK2: Family = {
  ...DENSE,
  architecture: "deepseek2",
  isLatent: true,
  yarnMultiplierUnit: "scores",
  routing: { gating: "softmax", isNormalised: false },
  variant: ({ fields, blocks }) => {
    // llama.cpp knows GLM-4.7 Flash by these where a file does not say its gating.
    const vocab = fields.gguf.tensors.get("token_embd.weight")?.dims[1];
    const isGlm = (blocks === 47 || blocks === 48) && vocab === 154_880;
    return isGlm ? { routing: { gating: "sigmoid", isNormalised: false } } : {};
  },
  constants: (fields) => ({ ...plainConstants(), attentionScale: scoreScale(fields) }),
};

/** `m^2 / sqrt(headWidth)`; m is 1 but for YaRN: `1 + multiplier ln(factor)`, as llama.cpp has it. */
function scoreScale(fields: MetadataFields): number {
  const headWidth = fields.optional("attention.key_length_mla") ?? fields.positive("attention.key_length");
  const isYarn = fields.raw("rope.scaling.type") === "yarn";
  const factor = isYarn ? (fields.positiveOrNull("rope.scaling.factor") ?? 1) : 1;
  const multiplier = fields.positiveOrNull("rope.scaling.yarn_log_multiplier") ?? 0.1;
  const growth = factor <= 1 ? 1 : 1 + multiplier * Math.log(factor);
  const magnitude = (isYarn ? (fields.optional("rope.scaling.attn_factor") ?? 1) : 1) * growth;
  return magnitude ** 2 / Math.sqrt(headWidth);
}
