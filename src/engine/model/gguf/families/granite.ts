/** Granite 3: as llama, with factors of embeddings, residual stream and scores, and logits that are divided. */
import type { Constants, Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { DENSE } from "./llama.ts";
import type { MetadataFields } from "../metadata-fields.ts";

/** The factors that Granite's files name. */
export function graniteConstants(fields: MetadataFields): Constants {
  return {
    ...plainConstants(fields),
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
  routing: { gating: "softmax", isNormalised: true },
};
