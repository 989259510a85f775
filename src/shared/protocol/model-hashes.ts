/** What the engine says of the files that ran. */
import * as v from "valibot";
import type { Frozen } from "../frozen.ts";

/** SHA-256 of the model file alone, and of everything that answers depend on. */
export const modelHashesSchema = v.object({
  sha256: v.string(),
  identity: v.object({ weights: v.string(), tokenizer: v.string(), template: v.nullable(v.string()) }),
});

export type ModelHashes = Frozen<v.InferOutput<typeof modelHashesSchema>>;
