/** The one owner of sources, swaps, shown tokens and work in progress. Everything drawn is drawn from here. */
import type { ErrorData } from "../../shared/errors.ts";
import type { Alignment, LayerRange } from "../../shared/experiment.ts";
import { Signal } from "../signal.ts";
import type { GridRun, ReadPrompt, Source, Swap, SweepRun, Work } from "./records.ts";

/** A snapshot of everything kept. */
export interface StoreState {
  /** The copied state. */
  readonly source: Source | null;
  /** Sources used before, the latest first. */
  readonly recent: readonly Source[];
  /** One for each target prompt, the latest last. */
  readonly swaps: readonly Swap[];
  /** The swap that the panel shows. */
  readonly shownId: number | null;
  /** Prompts whose tokens are drawn. */
  readonly tokens: readonly ReadPrompt[];
  /** Known prompts that the user declared; their ids. */
  readonly declared: readonly number[];
  /** Range of k of the next run; null = all blocks. */
  readonly layers: LayerRange | null;
  /** The alignment chosen last. */
  readonly align: Alignment | null;
  readonly work: Work | null;
  /** Shown in the panel until dismissed. */
  readonly error: ErrorData | null;
  /** True once a model has run. */
  readonly hasRun: boolean;
}

const empty: StoreState = {
  source: null,
  recent: [],
  swaps: [],
  shownId: null,
  tokens: [],
  declared: [],
  layers: null,
  align: null,
  work: null,
  error: null,
  hasRun: false,
};

const RECENT_SOURCES = 8;

/** Owner of the state. */
export class SwapStore {
  #state = empty;
  #nextId = 1;
  readonly changed = new Signal<StoreState>();

  get state(): StoreState {
    return this.#state;
  }

  /** Replaces parts of the state. */
  set(part: Partial<StoreState>): void {
    this.#state = { ...this.#state, ...part };
    this.changed.fire(this.#state);
  }

  /** A number for the next swap or run. */
  newId(): number {
    return this.#nextId++;
  }

  /** Copies a state: it becomes the source of the next swap, and the first of the recent ones. */
  copy(source: Source): void {
    this.set({ source, recent: withRecent(this.#state.recent, source) });
  }

  /** Remembers a source that was chosen without copying it. */
  remember(source: Source): void {
    this.set({ recent: withRecent(this.#state.recent, source) });
  }

  /** Puts a swap in, in place of an older one on the same prompt, and shows it. */
  put(swap: Swap): void {
    const others = this.#state.swaps.filter((other) => !isSamePrompt(other.target, swap.target));
    this.set({ swaps: [...others, swap], shownId: swap.id });
  }

  swap(id: number): Swap | null {
    return this.#state.swaps.find((swap) => swap.id === id) ?? null;
  }

  /** The swap on a known prompt. */
  swapOn(promptId: number): Swap | null {
    return this.#state.swaps.find((swap) => swap.target.promptId === promptId) ?? null;
  }

  get shown(): Swap | null {
    return this.#state.shownId === null ? null : this.swap(this.#state.shownId);
  }

  /** Changes one swap; nothing happens when it is gone or replaced. */
  update(id: number, change: (swap: Swap) => Partial<Swap>): void {
    if (!this.swap(id)) return;
    const swaps = this.#state.swaps.map((swap) => (swap.id === id ? { ...swap, ...change(swap) } : swap));
    this.set({ swaps });
  }

  /** Changes a swap's sweep while it is still the run of that number. */
  updateSweep(id: number, run: number, change: (sweep: SweepRun) => Partial<SweepRun>): void {
    this.update(id, ({ sweep }) => (sweep?.run === run ? { sweep: { ...sweep, ...change(sweep) } } : {}));
  }

  /** Changes a swap's grid while it is still the run of that number. */
  updateGrid(id: number, run: number, change: (grid: GridRun) => Partial<GridRun>): void {
    this.update(id, ({ grid }) => (grid?.run === run ? { grid: { ...grid, ...change(grid) } } : {}));
  }

  /** Forgets results, the copied state, shown tokens and declared prompts; range and recent sources stay. */
  clear(): void {
    this.set({ source: null, swaps: [], shownId: null, tokens: [], declared: [], error: null });
  }

  /** Known prompts that something is kept for. */
  get usedPrompts(): Set<number> {
    const { source, recent, swaps, tokens, declared } = this.#state;
    const reads = [
      ...(source ? [source.read] : []),
      ...recent.map((other) => other.read),
      ...swaps.flatMap((swap) => [swap.target, swap.source.read]),
      ...tokens,
    ];
    return new Set([
      ...declared,
      ...reads.flatMap((read) => (read.promptId === null ? [] : [read.promptId])),
    ]);
  }
}

function isSamePrompt(a: ReadPrompt, b: ReadPrompt): boolean {
  return a.promptId === null ? a.text === b.text : a.promptId === b.promptId;
}

function withRecent(recent: readonly Source[], source: Source): Source[] {
  const isSame = (other: Source): boolean =>
    other.read.text === source.read.text &&
    other.span.from === source.span.from &&
    other.span.to === source.span.to;
  return [source, ...recent.filter((other) => !isSame(other))].slice(0, RECENT_SOURCES);
}
