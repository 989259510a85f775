/** Granite 3: as llama, with factors of embeddings, residual stream and scores, and logits that are divided. */
import type { Constants, Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { DENSE } from "./llama.ts";
import type { MetadataFields } from "../metadata-fields.ts";

/** The factors that Granite's files name. */
function graniteConstants(fields: MetadataFields): Constants {
  return {
    ...plainConstants(),
    attentionScale: fields.positiveOrNull("attention.scale"),
    embeddingScale: fields.positiveOrNull("embedding_scale") ?? 1,
    residualScale: fields.positiveOrNull("residual_scale") ?? 1,
    logitScale: 1 / (fields.positiveOrNull("logit_scale") ?? 1),
  };
}

export const GRANITE: Family = {
  ...DENSE,
  architecture: "granite",
  constants: graniteConstants,
  // Its files say by this name that nothing is rotated.
  variant: ({ fields }) => (fields.raw("rope.scaling.finetuned") === false ? { isRotated: () => false } : {}),
};

/** Granite with experts, shared ones where the file has some. */
export const GRANITEMOE: Family = {
  ...GRANITE,
  architecture: "granitemoe",
  variant: () => ({}),
  routing: { gating: "softmax", isNormalised: true },
};

/** Granite with sliding windows: sinks, and blocks that the file names are windowed or not rotated. */
export const GRANITE_SWA: Family = {
  ...GRANITEMOE,
  architecture: "granite_swa",
  variant: ({ fields }) => {
    const rotated = fields.raw("attention.rope_pattern") as readonly unknown[] | undefined;
    return Array.isArray(rotated) ? { isRotated: (k) => Boolean(rotated[k]) } : {};
  },
};
