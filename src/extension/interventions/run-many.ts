/** The swap over many prompts, one after the other: the same sweep as a single prompt's, kept row by row. */
import * as l10n from "@vscode/l10n";
import { SwapError, toErrorData } from "../../shared/errors.ts";
import type { Many, ManyRow } from "../../shared/experiment/many.ts";
import { rowPerK } from "../../shared/experiment/outcome.ts";
import { outcomeRow } from "../../shared/words/answer.ts";
import type { InterventionStore } from "./intervention-store.ts";
import type { ManyEntry, ManyRun, SweepRun } from "./records.ts";
import type { RunContext } from "./run-context.ts";
import { runSweep } from "./run-sweep.ts";

/**
 * Runs what has not run yet. A prompt that fails keeps its reason and the next one runs; a cancelled run keeps what is whole.
 *
 * @throws SwapError `cancelled`
 */
export async function runMany(context: RunContext, run: number): Promise<void> {
  const { store } = context;
  const entries = store.state.many?.run === run ? store.state.many.entries : [];
  const open = entries.filter(({ state, made }) => made && (state === "waiting" || state === "cancelled"));
  const label = l10n.t("Swap on {0} prompts", open.length);
  const update = (id: number, part: Partial<ManyEntry>): void => {
    updateEntry(store, run, id, part);
  };
  for (const { id } of open) update(id, { state: "waiting" });
  for (const [i, { id, made }] of open.entries()) {
    context.progress(label, i, open.length);
    const intervention = made && store.intervention(made.id);
    if (!intervention) {
      update(id, { state: "cancelled" });
      continue;
    }
    update(id, { state: "running" });
    try {
      const quiet = { ...context, progress: () => undefined, expect: () => undefined };
      await runSweep(quiet, intervention);
      update(id, { state: "complete", sweep: store.intervention(made.id)?.sweep ?? null });
    } catch (error) {
      if (context.signal.aborted || (error instanceof SwapError && error.code === "cancelled")) {
        for (const other of open.slice(i)) update(other.id, { state: "cancelled" });
        throw error;
      }
      update(id, { state: "failed", failure: toErrorData(error) });
    }
  }
}

function updateEntry(store: InterventionStore, run: number, id: number, part: Partial<ManyEntry>): void {
  const { many } = store.state;
  if (many?.run !== run) return;
  const entries = many.entries.map((entry) => (entry.id === id ? { ...entry, ...part } : entry));
  store.set({ many: { ...many, entries } });
}

/**
 * The table, with the rows of the prompt that runs as they come.
 *
 * @param labelOf where a known prompt stands now; null where it is known no more
 */
export function manyOf(
  { entries }: ManyRun,
  sweepOf: (interventionId: number) => SweepRun | null,
  labelOf: (promptId: number) => string | null,
): Many {
  const sweeps = entries.map(
    ({ state, made, sweep }) => sweep ?? (made && state === "running" ? sweepOf(made.id) : null),
  );
  return {
    rows: entries.map((entry, i) => rowOf(entry, sweeps[i]!, labelOf)),
    blocks: sweeps.find((sweep) => sweep?.model)?.model?.blocks ?? 0,
  };
}

function rowOf(
  { id, label, promptId, text, state, failure, made }: ManyEntry,
  sweep: SweepRun | null,
  labelOf: (promptId: number) => string | null,
): ManyRow {
  const rows = rowPerK((sweep?.rows ?? []).map(outcomeRow));
  return {
    id,
    label: (promptId === null ? null : labelOf(promptId)) ?? label,
    prompt: text,
    target: made?.targets.map((span) => span.text).join("") ?? "",
    source: made?.source?.span.text ?? "",
    state,
    failure,
    targetAnswer: sweep?.answers?.target.text ?? sweep?.baseline[0]?.text ?? "",
    sourceAnswer: sweep?.answers?.source?.text ?? "",
    outcomes: rows.map(({ outcome }) => outcome),
    from: sweep?.layers.from ?? 0,
    flip: sweep?.flip ?? null,
  };
}
