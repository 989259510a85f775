/** Runs what interventions ask for, one thing at a time: another waits for its turn, the same again takes its place. */
import * as l10n from "@vscode/l10n";
import { SwapError, toErrorData } from "../../shared/errors.ts";
import type { EngineSupervisor } from "../engine/supervisor.ts";
import type { GridChoice } from "./grid-request.ts";
import type { Intervention, ManyRun, Work } from "./records.ts";
import { runAttention } from "./run-attention.ts";
import type { RunContext } from "./run-context.ts";
import { runCell } from "./run-cell.ts";
import { runContinuation } from "./run-continuation.ts";
import { runControls } from "./run-controls.ts";
import { runMany } from "./run-many.ts";
import { runGrid } from "./run-grid.ts";
import { runSweep } from "./run-sweep.ts";
import type { InterventionStore } from "./intervention-store.ts";

type WorkKind = "many" | "sweep" | "grid" | "controls" | "continuation" | "cell" | "attention" | "other";

/** What is asked for: done now, or when its turn comes. */
interface Task {
  readonly id: number;
  readonly kind: WorkKind;
  /** For people, while it waits. */
  readonly name: string;
  /** The interventions that it is of. */
  readonly on: readonly number[];
  /** Tells two works without interventions apart. */
  readonly key: string;
  readonly abort: AbortController;
  readonly work: (context: RunContext) => Promise<void>;
  /** Called once it is over, or was taken out of the queue. */
  readonly onEnded: () => void;
}

/** Owner of the work in progress and of what waits for it; errors go to the store and the user. */
export class Runner {
  readonly #store: InterventionStore;
  readonly #supervisor: Pick<EngineSupervisor, "open" | "request">;
  readonly #onError: (error: unknown) => void;
  #running: Task | null = null;
  #waiting: readonly Task[] = [];
  #nextId = 1;

  constructor(
    store: InterventionStore,
    supervisor: Pick<EngineSupervisor, "open" | "request">,
    onError: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#supervisor = supervisor;
    this.#onError = onError;
  }

  /** Ends the running work, or all work of one intervention, what waits included; rows that came stay. */
  cancel(id?: number): void {
    if (id !== undefined) this.#drop(({ on }) => on.includes(id));
    if (id === undefined || this.#running?.on.includes(id)) this.#running?.abort.abort();
  }

  /** Ends the running work and empties the queue: what was asked for is of no use any more. */
  cancelAll(): void {
    this.#drop(() => true);
    this.cancel();
  }

  /** Takes waiting work out of the queue. */
  drop(taskId: number): void {
    this.#drop(({ id }) => id === taskId);
  }

  /** Runs the sweeps of interventions in the store, one after the other. */
  async sweep(interventions: readonly Intervention[]): Promise<void> {
    await this.#ask("sweep", interventions, async (context) => {
      // As it is when its turn comes: what was chosen, or cleared, during the sweeps before counts.
      for (const intervention of this.#now(interventions)) await runSweep(context, intervention);
    });
  }

  /** Runs the swap on many prompts that are in the store, those of them that have not run. */
  async many({ run, entries }: ManyRun): Promise<void> {
    const made = entries.flatMap((entry) => entry.made ?? []);
    await this.#ask("many", made, (context) => runMany(context, run));
  }

  /** Runs the grid of an intervention in the store, or of the part of it that was chosen. */
  async grid(intervention: Intervention, choice: GridChoice = { align: intervention.align }): Promise<void> {
    await this.#ask("grid", [intervention], async (context) => {
      for (const now of this.#now([intervention])) await runGrid(context, now, choice);
    });
  }

  /** Runs the controls of an intervention's sweep, after the sweep itself where `sweepFirst` asks for it. */
  async controls(intervention: Intervention, sweepFirst: boolean): Promise<void> {
    await this.#ask("controls", [intervention], async (context) => {
      for (const now of this.#now([intervention])) {
        if (sweepFirst) await runSweep(context, now);
        await runControls(context, now);
      }
    });
  }

  /** Generates up to so many tokens after the patched prompt of one k. */
  async continuation(intervention: Intervention, k: number, tokens: number): Promise<void> {
    await this.#ask("continuation", [intervention], async (context) => {
      for (const now of this.#now([intervention])) await runContinuation(context, now, k, tokens);
    });
  }

  /**
   * Runs the held cell of an intervention's grid by itself. It never ends work of another kind, nor waits for it: whoever
   * holds a cell looks at what is there.
   */
  async cell(intervention: Intervention): Promise<void> {
    if (this.#running && this.#running.kind !== "cell") return;
    this.#running?.abort.abort();
    this.#running = null;
    await this.#ask("cell", [intervention], (context) => runCell(context, intervention));
  }

  /** Reads the attention of an intervention's target prompt. */
  async attention(intervention: Intervention): Promise<void> {
    await this.#ask("attention", [intervention], async (context) => {
      for (const now of this.#now([intervention])) await runAttention(context, now);
    });
  }

  /**
   * Runs work of another kind, such as a stored session again.
   *
   * @param key asked for again, it takes the place of what runs or waits under the same one
   * @param name for people, while it waits
   */
  async other(key: string, name: string, work: (context: RunContext) => Promise<void>): Promise<void> {
    await this.#take({ kind: "other", on: [], key, name, work });
  }

  /** Those that are still there, as they are when they are come to. */
  *#now(interventions: readonly Intervention[]): Generator<Intervention, undefined> {
    for (const { id } of interventions) {
      const intervention = this.#store.intervention(id);
      if (intervention) yield intervention;
    }
  }

  async #ask(
    kind: Exclude<WorkKind, "other">,
    interventions: readonly Intervention[],
    work: Task["work"],
  ): Promise<void> {
    const on = interventions.map(({ id }) => id);
    const labels = interventions.map(({ target }) => target.label);
    await this.#take({ kind, on, key: on.join(","), name: nameOf(kind, labels), work });
  }

  async #take(asked: Pick<Task, "kind" | "on" | "key" | "name" | "work">): Promise<void> {
    const isSame = (task: Task): boolean => task.kind === asked.kind && task.key === asked.key;
    this.#drop(isSame);
    this.#store.set({ error: null, isCopied: false });
    await new Promise<void>((resolve) => {
      const task = { ...asked, id: this.#nextId++, abort: new AbortController(), onEnded: resolve };
      if (this.#running && !isSame(this.#running)) {
        this.#wait([...this.#waiting, task]);
        return;
      }
      this.#running?.abort.abort();
      void this.#run(task);
    });
  }

  async #run(task: Task): Promise<void> {
    this.#running = task;
    const { signal } = task.abort;
    const store = this.#store;
    const startedAt = performance.now();
    let expectedMs: number | null = null;
    const show = (part: Pick<Work, "label" | "done" | "total">): void => {
      if (!signal.aborted) store.set({ work: { ...part, startedAt, expectedMs } });
    };
    show({ label: l10n.t("Opening the model"), done: 0, total: 0 });
    try {
      await task.work({
        store,
        supervisor: this.#supervisor,
        signal,
        progress: (label, done, total) => {
          show({ label, done, total });
        },
        expect: (ms) => {
          expectedMs = ms;
        },
      });
    } catch (error) {
      if (!(error instanceof SwapError && error.code === "cancelled")) {
        store.set({ error: toErrorData(error) });
        this.#onError(error);
      }
    } finally {
      // The same work asked for again has its own entry by now.
      if (this.#running === task) this.#next();
      task.onEnded();
    }
  }

  #next(): void {
    const [next, ...rest] = this.#waiting;
    this.#running = null;
    if (!next) {
      this.#store.set({ work: null });
      return;
    }
    this.#wait(rest);
    void this.#run(next);
  }

  #drop(isGone: (task: Task) => boolean): void {
    const gone = this.#waiting.filter(isGone);
    if (gone.length === 0) return;
    this.#wait(this.#waiting.filter((task) => !gone.includes(task)));
    for (const task of gone) task.onEnded();
  }

  #wait(waiting: readonly Task[]): void {
    this.#waiting = waiting;
    this.#store.set({ waiting: waiting.map(({ id, name, on }) => ({ id, name, on })) });
  }
}

/** `Sweep, capitals.txt:3`; of several prompts how many. */
function nameOf(kind: Exclude<WorkKind, "other">, labels: readonly string[]): string {
  const of = labels.length === 1 ? labels[0]! : l10n.t("{0} prompts", labels.length);
  switch (kind) {
    case "many":
    case "sweep":
      return l10n.t("Sweep, {0}", of);
    case "grid":
      return l10n.t("Grid, {0}", of);
    case "controls":
      return l10n.t("Controls, {0}", of);
    case "continuation":
      return l10n.t("Continuation, {0}", of);
    case "cell":
      return l10n.t("Cell, {0}", of);
    case "attention":
      return l10n.t("Attention, {0}", of);
  }
}
