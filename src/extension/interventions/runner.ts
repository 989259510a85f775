/** Runs what interventions ask for, one thing at a time: a newer run ends the older one. */
import * as l10n from "@vscode/l10n";
import { SwapError, toErrorData } from "../../shared/errors.ts";
import type { Alignment } from "../../shared/condition/parts.ts";
import type { EngineSupervisor } from "../engine/supervisor.ts";
import type { Intervention } from "./records.ts";
import { runAttention } from "./run-attention.ts";
import type { RunContext } from "./run-context.ts";
import { runCell } from "./run-cell.ts";
import { runContinuation } from "./run-continuation.ts";
import { runControls } from "./run-controls.ts";
import { runGrid } from "./run-grid.ts";
import { runSweep } from "./run-sweep.ts";
import type { InterventionStore } from "./intervention-store.ts";

/** Owner of the work in progress; errors go to the store and the user. */
export class Runner {
  readonly #store: InterventionStore;
  readonly #supervisor: Pick<EngineSupervisor, "open" | "request">;
  readonly #onError: (error: unknown) => void;
  #abort: AbortController | null = null;
  /** The interventions that the running work is of. */
  #running: ReadonlySet<number> = new Set();
  /** The work in progress, or that was, where it is of a held cell. */
  #cell: AbortController | null = null;

  constructor(
    store: InterventionStore,
    supervisor: Pick<EngineSupervisor, "open" | "request">,
    onError: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#supervisor = supervisor;
    this.#onError = onError;
  }

  /** Ends the running work, or only work of that intervention; rows that came stay. */
  cancel(id?: number): void {
    if (id === undefined || this.#running.has(id)) this.#abort?.abort();
  }

  /** Runs the sweeps of interventions in the store, one after the other. */
  async sweep(interventions: readonly Intervention[]): Promise<void> {
    await this.#work(interventions, l10n.t("another run"), async (context) => {
      for (const { id } of interventions) {
        // As it is when its turn comes: what was chosen, or cleared, during the sweeps before counts.
        const intervention = this.#store.intervention(id);
        if (intervention) await runSweep(context, intervention);
      }
    });
  }

  /** Runs the grid of an intervention in the store; `align` says how a source of several tokens becomes one state. */
  async grid(intervention: Intervention, align: Alignment | null = intervention.align): Promise<void> {
    await this.#work([intervention], l10n.t("Run Grid"), (context) => runGrid(context, intervention, align));
  }

  /** Runs the controls of an intervention's sweep, after the sweep itself where `sweepFirst` asks for it. */
  async controls(intervention: Intervention, sweepFirst: boolean): Promise<void> {
    await this.#work([intervention], l10n.t("Run Controls"), async (context) => {
      if (sweepFirst) await runSweep(context, intervention);
      await runControls(context, intervention);
    });
  }

  /** Generates up to so many tokens after the patched prompt of one k. */
  async continuation(intervention: Intervention, k: number, tokens: number): Promise<void> {
    await this.#work([intervention], l10n.t("Continue Text"), (context) =>
      runContinuation(context, intervention, k, tokens),
    );
  }

  /**
   * Runs the held cell of an intervention's grid by itself. It never ends work of another kind: whoever holds a cell looks
   * at what is there.
   */
  async cell(intervention: Intervention): Promise<void> {
    if (this.#abort && this.#abort !== this.#cell) return;
    await this.#work([intervention], l10n.t("another run"), (context) => {
      this.#cell = this.#abort;
      return runCell(context, intervention);
    });
  }

  /** Reads the attention of an intervention's target prompt. */
  async attention(intervention: Intervention): Promise<void> {
    await this.#work([intervention], l10n.t("Show Attention"), (context) =>
      runAttention(context, intervention),
    );
  }

  /** Runs work of another kind, such as a stored session again; it is ended by the next run as all are. */
  async other(work: (context: RunContext) => Promise<void>): Promise<void> {
    await this.#work([], l10n.t("another run"), work);
  }

  /** @param name of the run, for the one that it ends */
  async #work(
    on: readonly Intervention[],
    name: string,
    work: (context: RunContext) => Promise<void>,
  ): Promise<void> {
    this.#abort?.abort(name);
    const abort = new AbortController();
    this.#abort = abort;
    this.#running = new Set(on.map(({ id }) => id));
    const { signal } = abort;
    const store = this.#store;
    const opening = { label: l10n.t("Opening the model"), done: 0, total: 0 };
    store.set({ work: opening, error: null, isCopied: false });
    const progress: RunContext["progress"] = (label, done, total) => {
      if (!signal.aborted) store.set({ work: { label, done, total } });
    };
    try {
      await work({ store, supervisor: this.#supervisor, signal, progress });
    } catch (error) {
      if (!(error instanceof SwapError && error.code === "cancelled")) {
        store.set({ error: toErrorData(error) });
        this.#onError(error);
      }
    } finally {
      // A newer run has its own entry by now.
      if (this.#abort === abort) {
        this.#abort = null;
        store.set({ work: null });
      }
    }
  }
}
