/** Runs sweeps and grids, one at a time: a newer run ends the older one. Rows go to the store as they come. */
import { SwapError, toErrorData } from "../../shared/errors.ts";
import type { LayerRange } from "../../shared/experiment.ts";
import { promptOf, replacedPositions } from "../../shared/experiment.ts";
import type { SweepRow } from "../../shared/result.ts";
import type { EngineSupervisor } from "../engine/supervisor.ts";
import { layersFor } from "./layers.ts";
import type { GridRun, Swap, SweepRun } from "./records.ts";
import { samePairs } from "./records.ts";
import { sourcePositions } from "./stale.ts";
import type { SwapStore } from "./swap-store.ts";

/** Answers listed in each row. */
const TOP = 10;

/** Owner of the work in progress. */
export class Runner {
  readonly #store: SwapStore;
  readonly #supervisor: Pick<EngineSupervisor, "open" | "request">;
  readonly #onError: (error: unknown) => void;
  #abort: AbortController | null = null;

  constructor(
    store: SwapStore,
    supervisor: Pick<EngineSupervisor, "open" | "request">,
    onError: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#supervisor = supervisor;
    this.#onError = onError;
  }

  /** Ends the running work, if there is any; rows that came stay. */
  cancel(): void {
    this.#abort?.abort();
  }

  /** Runs the sweeps of swaps in the store, one after the other; errors go to the store and the user. */
  async sweep(swaps: readonly Swap[]): Promise<void> {
    await this.#work("Opening the model", async (signal) => {
      for (const swap of swaps) await this.#sweepOne(swap, signal);
    });
  }

  /** Runs the grid of a swap in the store. */
  async grid(swap: Swap): Promise<void> {
    await this.#work("Opening the model", (signal) => this.#gridOne(swap, signal));
  }

  async #work(label: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#store.set({ work: { label, done: 0, total: 0 }, error: null });
    try {
      await work(abort.signal);
    } catch (error) {
      if (!(error instanceof SwapError && error.code === "cancelled")) {
        this.#store.set({ error: toErrorData(error) });
        this.#onError(error);
      }
    } finally {
      // A newer run has its own entry by now.
      if (this.#abort === abort) {
        this.#abort = null;
        this.#store.set({ work: null });
      }
    }
  }

  async #sweepOne(swap: Swap, signal: AbortSignal): Promise<void> {
    const run = this.#store.newId();
    this.#store.update(swap.id, ({ sweep, pairs }) => ({
      sweep: startedSweep(run, pairs, sweep?.layers ?? { from: 0, to: 0 }),
      k: null,
    }));
    try {
      const { blocks } = await this.#supervisor.open();
      if (signal.aborted) throw new SwapError("cancelled", "The run was cancelled.");
      const layers = layersFor(this.#store.state.layers, blocks);
      this.#store.updateSweep(swap.id, run, () => ({ layers }));
      const label = `Sweep over ${layers.to - layers.from + 1} blocks`;
      this.#progress(signal, label, 0, layers.to - layers.from + 1);
      const reply = await this.#supervisor.request("sweep", sweepParams(swap, layers), {
        signal,
        onProgress: (progress) => {
          if (progress.kind === "baseline") {
            const { top: baseline, answers } = progress;
            this.#store.updateSweep(swap.id, run, () => ({ baseline, answers }));
          } else if (progress.kind === "row") {
            const { row, answers, done, total } = progress;
            this.#store.updateSweep(swap.id, run, ({ rows }) => ({ rows: withRow(rows, row), answers }));
            this.#progress(signal, label, done, total);
          }
        },
      });
      const { rows, baseline, answers, flip, timing } = reply;
      const runMs = timing.runMs;
      this.#store.updateSweep(swap.id, run, () => ({
        rows,
        baseline,
        answers,
        flip,
        runMs,
        state: "complete",
      }));
      this.#store.set({ hasRun: true });
    } catch (error) {
      this.#store.updateSweep(swap.id, run, () => ({ state: "failed", failure: toErrorData(error) }));
      throw error;
    }
  }

  async #gridOne(swap: Swap, signal: AbortSignal): Promise<void> {
    const run = this.#store.newId();
    const positions = swap.target.tokenization.ids.length;
    const read = sourcePositions(swap);
    this.#store.update(swap.id, () => ({ grid: startedGrid(run, read, positions), cell: null }));
    try {
      const { blocks } = await this.#supervisor.open();
      if (signal.aborted) throw new SwapError("cancelled", "The run was cancelled.");
      const layers = layersFor(this.#store.state.layers, blocks);
      this.#store.updateGrid(swap.id, run, () => ({ layers }));
      const label = `Grid over ${positions} tokens`;
      this.#progress(signal, label, 0, positions);
      const reply = await this.#supervisor.request("grid", gridParams(swap, layers), {
        signal,
        onProgress: (progress) => {
          if (progress.kind !== "column") return;
          const { column, texts, answers, done, total } = progress;
          this.#store.updateGrid(swap.id, run, (grid) => ({
            columns: grid.columns.map((old, p) => (p === column.position ? column : old)),
            texts: { ...grid.texts, ...texts },
            answers,
          }));
          this.#progress(signal, label, done, total);
        },
      });
      const { columns, texts, answers } = reply;
      this.#store.updateGrid(swap.id, run, () => ({ columns, texts, answers, state: "complete" }));
      this.#store.set({ hasRun: true });
    } catch (error) {
      this.#store.updateGrid(swap.id, run, () => ({ state: "failed", failure: toErrorData(error) }));
      throw error;
    }
  }

  #progress(signal: AbortSignal, label: string, done: number, total: number): void {
    if (!signal.aborted) this.#store.set({ work: { label, done, total } });
  }
}

function startedSweep(run: number, pairs: Swap["pairs"], layers: LayerRange): SweepRun {
  return {
    ...{ run, pairs, layers, rows: [], baseline: [], answers: null, flip: null },
    ...{ state: "running", failure: null, runMs: null },
  };
}

function startedGrid(run: number, positions: readonly number[], tokens: number): GridRun {
  const columns = Array.from({ length: tokens }, () => null);
  const layers = { from: 0, to: 0 };
  return {
    run,
    sourcePositions: positions,
    layers,
    columns,
    texts: {},
    answers: null,
    state: "running",
    failure: null,
  };
}

function sweepParams({ target, source, align, pairs }: Swap, layers: LayerRange) {
  return {
    target: promptOf(target.tokenization),
    source: promptOf(source.read.tokenization),
    condition: { kind: "swap" as const, align, pairs },
    layers,
    answers: { target: null, source: null },
    top: TOP,
  };
}

function gridParams(swap: Swap, layers: LayerRange) {
  const { sweep } = swap;
  return {
    target: promptOf(swap.target.tokenization),
    source: promptOf(swap.source.read.tokenization),
    sourcePositions: sourcePositions(swap),
    targetPositions: replacedPositions({ kind: "swap", align: swap.align, pairs: swap.pairs }),
    layers,
    // The sweep's source answer, so that strip and heatmap mean the same.
    answers: {
      target: null,
      source: sweep && samePairs(sweep.pairs, swap.pairs) ? (sweep.answers?.source ?? null) : null,
    },
  };
}

/** Rows with one more in its place by k. */
function withRow(rows: readonly SweepRow[], row: SweepRow): SweepRow[] {
  return [...rows.filter(({ k }) => k !== row.k), row].sort((a, b) => a.k - b.k);
}
