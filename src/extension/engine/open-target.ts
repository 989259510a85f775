/** What the supervisor opens, and what is known of it before. */
import type { RuntimeChoice } from "../../shared/experiment/runtime.ts";
import type { Reply } from "../../shared/protocol/engine.ts";

/** What to open. */
export interface OpenTarget {
  readonly path: string;
  /** The path as the user wrote it; what is wrong with the model is told by it. */
  readonly written?: string;
  /** A `tokenizer.json`, or its folder, in place of the model's own. */
  readonly tokenizer?: string;
  readonly threads: number;
  readonly runtime: RuntimeChoice;
  /** Factor of what opening may take; 0: no limits; absent: 1. */
  readonly budget?: number;
  /** Most bytes that the engine may hold; absent: what is free. */
  readonly memory?: number;
}

/** A model that is about to be opened. */
export interface Candidate {
  readonly path: string;
  /** What it would take, from its header. */
  readonly estimate: () => Promise<Reply<"estimate">>;
  /** Bytes that the model open now gives back first. */
  readonly residentBytes: number;
}
