/** The one owner of sources, interventions, shown tokens and work in progress. Everything drawn is drawn from here. */
import type { ErrorData } from "../../shared/errors.ts";
import type { Alignment } from "../../shared/condition/parts.ts";
import type { LayerRange } from "../../shared/experiment/experiment.ts";
import { Signal } from "../signal.ts";
import { changedRun, runsKept, settled, withoutSame } from "./runs.ts";
import type { GridRun, Intervention, ManyRun, Setup, Source, SweepRun, Waiting, Work } from "./records.ts";
import { INITIAL_SETUP } from "./records.ts";
import type { ReadPrompt } from "../prompt/reading.ts";

/** A snapshot of everything kept. */
export interface StoreState {
  /** The copied state. */
  readonly source: Source | null;
  /** Whether that was the last thing done: no run has begun since. */
  readonly isCopied: boolean;
  /** Sources used before, the latest first. */
  readonly recent: readonly Source[];
  /** One for each target prompt, the latest last. */
  readonly interventions: readonly Intervention[];
  /** The intervention that the panel shows. */
  readonly shownId: number | null;
  /** The swap on many prompts that the panel lists. */
  readonly many: ManyRun | null;
  /** Prompts whose tokens are drawn. */
  readonly tokens: readonly ReadPrompt[];
  /** Known prompts that the user declared; their ids. */
  readonly declared: readonly number[];
  /** Range of k of the next run; null = all blocks. */
  readonly layers: LayerRange | null;
  /** The alignment chosen last. */
  readonly align: Alignment | null;
  /** What was chosen last: the next intervention begins with it. */
  readonly setup: Setup;
  readonly work: Work | null;
  /** What runs after it, in this order. */
  readonly waiting: readonly Waiting[];
  /** Shown in the panel until dismissed. */
  readonly error: ErrorData | null;
  /** True once a model has run. */
  readonly hasRun: boolean;
}

const EMPTY: StoreState = {
  source: null,
  isCopied: false,
  recent: [],
  interventions: [],
  shownId: null,
  many: null,
  tokens: [],
  declared: [],
  layers: null,
  align: null,
  setup: INITIAL_SETUP,
  work: null,
  waiting: [],
  error: null,
  hasRun: false,
};

const RECENT_SOURCES = 8;

/** Owner of the state. */
export class InterventionStore {
  #state = EMPTY;
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

  /** A number for the next intervention or run. */
  newId(): number {
    return this.#nextId++;
  }

  /** Copies a state: it becomes the source of the next intervention, and the first of the recent ones. */
  copy(source: Source): void {
    this.set({ source, isCopied: true, recent: withRecent(this.#state.recent, source), error: null });
  }

  /** Remembers a source that was chosen without copying it. */
  remember(source: Source): void {
    this.set({ recent: withRecent(this.#state.recent, source) });
  }

  /** Puts an intervention in, in place of an older one on the same prompt, whose runs it takes over, and shows it. */
  put(intervention: Intervention): void {
    const isSame = (other: Intervention): boolean => isSamePrompt(other.target, intervention.target);
    const { interventions } = this.#state;
    const others = interventions.filter((other) => !isSame(other));
    const before = interventions.filter(isSame).flatMap(runsKept);
    const runs = withoutSame([...before, ...intervention.runs], intervention.sweep);
    const { setup } = this.#state;
    this.set({
      interventions: [...others, { ...intervention, runs }],
      shownId: intervention.id,
      // What was chosen for the next prompt is that prompt's own from now on.
      setup: { ...setup, answers: INITIAL_SETUP.answers },
      isCopied: false,
    });
  }

  intervention(id: number): Intervention | null {
    return this.#state.interventions.find((intervention) => intervention.id === id) ?? null;
  }

  /** The intervention on a known prompt. */
  interventionOn(promptId: number): Intervention | null {
    return (
      this.#state.interventions.find((intervention) => intervention.target.promptId === promptId) ?? null
    );
  }

  /** The intervention on the same prompt as a read one. */
  interventionOnSame(target: ReadPrompt): Intervention | null {
    return this.#state.interventions.find((other) => isSamePrompt(other.target, target)) ?? null;
  }

  /**
   * What an intervention on a prompt begins with: the choices made last, and the answers of this prompt: those chosen for it
   * before, else those chosen while no prompt was shown.
   */
  setupFor(target: ReadPrompt): Setup {
    const { setup } = this.#state;
    const before = this.interventionOnSame(target);
    return before ? { ...setup, answers: before.setup.answers } : setup;
  }

  /**
   * Changes what the next run does: of the shown intervention, and of those that are still to come. Answers that are
   * chosen for a shown prompt, and how they count, are its own.
   */
  choose(part: Partial<Setup>): void {
    const { shown } = this;
    if (shown) this.update(shown.id, ({ setup }) => ({ setup: { ...setup, ...part } }));
    const { setup } = this.#state;
    const answers = shown ? setup.answers : (part.answers ?? setup.answers);
    this.set({ setup: { ...setup, ...part, answers } });
  }

  get shown(): Intervention | null {
    return this.#state.shownId === null ? null : this.intervention(this.#state.shownId);
  }

  /**
   * Changes one intervention; nothing happens when it is gone or replaced.
   *
   * @param change is given the newest: whoever waited since reading an intervention writes only the parts that are new
   * @returns the intervention from now on; null when it is gone
   */
  update(id: number, change: (intervention: Intervention) => Partial<Intervention>): Intervention | null {
    const before = this.intervention(id);
    if (!before) return null;
    const after = { ...before, ...change(before) };
    const { interventions } = this.#state;
    this.set({ interventions: interventions.map((one) => (one.id === id ? after : one)) });
    return after;
  }

  /** Changes the sweep of that number, wherever it is kept; nothing happens once it is gone. */
  updateSweep(run: number, change: (sweep: SweepRun) => Partial<SweepRun>): void {
    this.#atRun(run, (intervention) =>
      changedRun(intervention, run, (sweep) => ({ ...sweep, ...change(sweep) })),
    );
  }

  /** Decides what stays and what is shown once the sweep of that number is over. */
  settle(run: number): void {
    this.#atRun(run, (intervention) => settled(intervention, run));
  }

  /** A newer intervention on the prompt may have taken the run over. */
  #atRun(run: number, change: (intervention: Intervention) => Partial<Intervention>): void {
    const at = this.#state.interventions.find((one) => runsKept(one).some(({ sweep }) => sweep.run === run));
    if (at) this.update(at.id, change);
  }

  /** Changes an intervention's grid while it is still the run of that number. */
  updateGrid(id: number, run: number, change: (grid: GridRun) => Partial<GridRun>): void {
    this.update(id, ({ grid }) => (grid?.run === run ? { grid: { ...grid, ...change(grid) } } : {}));
  }

  /** Forgets interventions, and what else is drawn on prompts: shown tokens, a copied state, that they were declared. */
  forget(ids: readonly number[], promptIds: readonly number[]): void {
    const { source, interventions, shownId, tokens, declared } = this.#state;
    const isOn = ({ promptId }: ReadPrompt): boolean => promptId !== null && promptIds.includes(promptId);
    const kept = interventions.filter(({ id }) => !ids.includes(id));
    this.set({
      source: source && isOn(source.read) ? null : source,
      interventions: kept,
      shownId: shownId !== null && ids.includes(shownId) ? (kept.at(-1)?.id ?? null) : shownId,
      tokens: tokens.filter((read) => !isOn(read)),
      declared: declared.filter((id) => !promptIds.includes(id)),
    });
  }

  /** Puts back what was cleared; what was made since stays, and wins where both are on one prompt. */
  bringBack(
    before: Pick<StoreState, "source" | "interventions" | "shownId" | "many" | "tokens" | "declared">,
  ): void {
    const { source, interventions, shownId, many, tokens, declared } = this.#state;
    const isNew = (read: ReadPrompt): boolean => this.interventionOnSame(read) !== null;
    const shown = new Set(tokens.map(({ promptId }) => promptId));
    this.set({
      source: source ?? before.source,
      interventions: [...before.interventions.filter(({ target }) => !isNew(target)), ...interventions],
      shownId: shownId ?? before.shownId,
      many: many ?? before.many,
      tokens: [...before.tokens.filter(({ promptId }) => !shown.has(promptId)), ...tokens],
      declared: [...new Set([...before.declared, ...declared])],
    });
  }

  /** Forgets results, the copied state, shown tokens and declared prompts; range and recent sources stay. */
  clear(): void {
    this.set({
      source: null,
      interventions: [],
      shownId: null,
      many: null,
      tokens: [],
      declared: [],
      error: null,
    });
  }

  /** Known prompts that something is kept for. */
  get usedPrompts(): Set<number> {
    const { source, recent, interventions, tokens, declared } = this.#state;
    const reads = [
      ...(source ? [source.read] : []),
      ...recent.map((other) => other.read),
      ...interventions.flatMap(({ target, source: other, removed, runs }) => [
        target,
        ...(other ? [other.read] : []),
        ...[...runs, ...(removed ? [removed] : [])].flatMap(({ sweep: { inputs } }) =>
          inputs.source ? [inputs.source.read] : [],
        ),
      ]),
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
