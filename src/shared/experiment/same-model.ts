/** Whether two sessions are of one model: the one rule for saving, opening, running again and comparing. */
import type { KnownHashes } from "./result.ts";

/** What two models can differ in. `file`: their model files, where one of the two keeps no more than that. */
export type ModelPart = "weights" | "tokenizer" | "template" | "file";

/** What is known of two models. */
type ModelAgreement =
  | { readonly kind: "same" }
  | { readonly kind: "differs"; readonly parts: readonly ModelPart[] }
  /** The same model file; of external data, further parts and tokenizer at least one of the two keeps nothing. */
  | { readonly kind: "same-file" }
  /** At least one has no hash. */
  | { readonly kind: "unknown" };

const PARTS = ["weights", "tokenizer", "template"] as const;

/** Compares by identity; by the hash of the model file where one of the two was saved before there was an identity. */
export function sameModel(a: KnownHashes, b: KnownHashes): ModelAgreement {
  if (a.identity && b.identity) {
    const [one, other] = [a.identity, b.identity];
    const parts = PARTS.filter((part) => one[part] !== other[part]);
    return parts.length === 0 ? { kind: "same" } : { kind: "differs", parts };
  }
  if (a.sha256 === null || b.sha256 === null) return { kind: "unknown" };
  return a.sha256 === b.sha256 ? { kind: "same-file" } : { kind: "differs", parts: ["file"] };
}

/** Whether one passes for the other, as far as both are known. */
export function passesFor(a: KnownHashes, b: KnownHashes): boolean {
  const { kind } = sameModel(a, b);
  return kind === "same" || kind === "same-file";
}
