/** Clear Results, of one prompt, and Clear All Results, with a way back. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
import type { Host } from "../host.ts";
import { AT_CURSOR, promptsAtCursor } from "../ask/intervention-at-hand.ts";
import type { Intervention, SweepRun } from "../interventions/records.ts";
import { addressed } from "../prompt/editor-prompts.ts";

/**
 * Removes the named result; else what is drawn on the prompt at the cursor; else the result that the panel shows.
 *
 * @throws SwapError `usage` where there is nothing to remove
 */
export function clearResults(host: Host, id?: unknown): void {
  const { store, prompts, runner } = host;
  const named = typeof id === "number" ? store.intervention(id) : null;
  const used = store.usedPrompts;
  const here = named ? [] : promptsAtCursor(host).filter((prompt) => used.has(prompt.id));
  const shown = named ?? (here.length === 0 && id !== AT_CURSOR ? store.shown : null);
  if (!shown && here.length === 0) {
    throw new SwapError(
      "usage",
      l10n.t("Nothing is drawn on the prompt at the cursor."),
      l10n.t("Place the cursor in a prompt with a result, or run Clear All Results."),
    );
  }
  const gone = shown ? [shown.id] : here.flatMap((prompt) => store.interventionOn(prompt.id)?.id ?? []);
  for (const one of gone) runner.cancel(one);
  store.forget(
    gone,
    here.map((prompt) => prompt.id),
  );
  prompts.keepOnly(store.usedPrompts);
}

/** Removes everything that is drawn, and offers to bring it back. */
export async function clearAllResults(host: Host): Promise<void> {
  const { vs, store, prompts, runner, notices } = host;
  runner.cancelAll();
  const { source, interventions, shownId, many, tokens, declared } = store.state;
  const known = prompts.all;
  store.clear();
  prompts.keepOnly(store.usedPrompts);
  if (!(await notices.offer(l10n.t("All results are cleared."), l10n.t("Undo")))) return;
  prompts.bringBack(known);
  for (const document of vs.workspace.textDocuments) prompts.update(addressed(document), true);
  store.bringBack({ source, interventions: interventions.map(ended), shownId, many, tokens, declared });
}

/** A run that was going on when it was cleared was cancelled by that. */
function ended(intervention: Intervention): Intervention {
  const cancelled = { code: "cancelled", message: l10n.t("The run was cancelled."), hint: "" } as const;
  const over = { state: "partial", failure: cancelled } as const;
  const { sweep, runs, grid } = intervention;
  const endedSweep = (run: SweepRun): SweepRun => (run.state === "running" ? { ...run, ...over } : run);
  return {
    ...intervention,
    sweep: sweep && endedSweep(sweep),
    runs: runs.map((kept) => ({ ...kept, sweep: endedSweep(kept.sweep) })),
    grid: grid?.state === "running" ? { ...grid, ...over } : grid,
  };
}
