/** Whether a result still stands, as data: `words/standing.ts` says it. */

/** Whether work goes on, was finished, or broke off with only finished rows there. */
export type RunState = "running" | "complete" | "partial";

/** What has changed since a result was made. */
export type StaleReason =
  | "prompt-edited"
  | "prompt-deleted"
  | "source-edited"
  | "source-deleted"
  | "model-changed"
  | "tokenizer-changed"
  | "bos-changed"
  | "template-changed"
  | "condition-changed"
  | "vectors-changed"
  | "tokens-changed"
  | "source-changed"
  | "source-tokens-changed"
  | "answers-changed";

/** fresh: as it would be now; stale: made from something else than what is there now; partial: not all of it is there. */
export type Standing =
  | { readonly kind: "fresh" }
  | { readonly kind: "stale"; readonly reason: StaleReason }
  | { readonly kind: "partial"; readonly reason: "cancelled" | "lost" | "ended" }
  /** Kept in a session: so many rows, or tokens of a grid. */
  | {
      readonly kind: "partial";
      readonly reason: "rows-kept" | "tokens-kept";
      readonly done: number;
      readonly total: number;
    };

export const FRESH: Standing = { kind: "fresh" };

/** The standing of a result that nothing is missing of. */
export function standingOf(reason: StaleReason | null): Standing {
  return reason === null ? FRESH : { kind: "stale", reason };
}
