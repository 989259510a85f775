/** A meter that says how far a run is: rows of one batch come out together, at its end, and a large model takes its time. */
import type { Progress } from "../../shared/protocol/engine.ts";
import type { Meter } from "./control.ts";

/** A quick run says nothing, and a slow one not at every block. */
const EVERY_MS = 150;

/** Counts on another meter and reports, at most every 150 ms, the share of the planned block-tokens. */
export class ProgressMeter implements Meter {
  readonly #counted: Meter;
  readonly #from: number;
  readonly #planned: number;
  readonly #emit: (progress: Progress) => void;
  #reportedAt = performance.now();

  /** @param planned block-tokens of the whole run */
  constructor(counted: Meter, planned: number, emit: (progress: Progress) => void) {
    this.#counted = counted;
    this.#from = counted.blockTokens;
    this.#planned = planned;
    this.#emit = emit;
  }

  get blockTokens(): number {
    return this.#counted.blockTokens;
  }

  set blockTokens(value: number) {
    this.#counted.blockTokens = value;
    const now = performance.now();
    if (now - this.#reportedAt < EVERY_MS) return;
    this.#reportedAt = now;
    // Answers that are found by running come on top of the plan.
    const done = Math.min(value - this.#from, this.#planned);
    this.#emit({ kind: "step", label: "Block-tokens", done, total: this.#planned });
  }

  get keyValueTokens(): number {
    return this.#counted.keyValueTokens;
  }

  set keyValueTokens(value: number) {
    this.#counted.keyValueTokens = value;
  }
}
