/** Run Controls: what else would have been seen at the same tokens. */
import type { Host } from "../host.ts";
import { staleSweep } from "../interventions/stale.ts";
import { requiredIntervention } from "../ask/intervention-at-hand.ts";
import { withWhatItNeeds } from "../ask/needed-input.ts";
import { refreshedIntervention } from "./run-again.ts";

/**
 * Runs the controls of the result at hand; a result that no longer stands is run again first.
 *
 * @throws SwapError `usage` without a result
 */
export async function runControls(host: Host, id?: unknown): Promise<void> {
  const refreshed = await refreshedIntervention(host, requiredIntervention(host, id));
  const fresh = await withWhatItNeeds(host, refreshed);
  if (!fresh) return;
  const { sweep } = fresh;
  const stale = sweep && staleSweep(fresh, sweep, (prompt) => host.prompts.get(prompt), host.reading());
  host.store.set({ shownId: fresh.id });
  await host.runner.controls(fresh, sweep?.state !== "complete" || stale !== null);
}
