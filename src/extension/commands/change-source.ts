/** Choose Source…: another state for the intervention at hand, or a source for the next one. */
import type { Host } from "../host.ts";
import { withChosenSource } from "../interventions/make-intervention.ts";
import { chooseAlignment } from "../ask/choose-alignment.ts";
import { chooseSource } from "../ask/choose-source.ts";
import { ofKind } from "../ask/needed-input.ts";
import { refreshedIntervention } from "./run-again.ts";
import { interventionAtHand } from "../ask/intervention-at-hand.ts";
import { selectedTargets, startInterventions } from "./swap-state-here.ts";

/** Asks for a source. An intervention at hand runs with it; a selection without an intervention becomes one. */
export async function chooseSourceCommand(host: Host, id?: unknown): Promise<void> {
  const intervention = interventionAtHand(host, id);
  if (intervention) {
    const fresh = await refreshedIntervention(host, intervention);
    const span = fresh.targets[0];
    const source = await chooseSource(host, span ? { read: fresh.target, span } : null);
    if (!source) return;
    const align = await chooseAlignment(host, fresh.targets, source.span);
    if (align === undefined) return;
    host.store.remember(source);
    host.store.set({ setup: ofKind(host.store.state.setup, "swap") });
    const next = host.store.update(fresh.id, (now) => ({
      ...withChosenSource(now, source, align),
      setup: ofKind(now.setup, "swap"),
      grid: null,
      k: null,
      cell: null,
    }));
    // Without tokens to put it at, the source is only chosen.
    if (next && next.targets.length > 0) await host.runner.sweep([next]);
    return;
  }
  const selection = host.vs.window.activeTextEditor?.selection;
  if (selection && !selection.isEmpty) {
    const targets = await selectedTargets(host);
    const first = targets[0];
    if (!first) return;
    const source = await chooseSource(host, { read: first.read, span: first.spans[0]! });
    if (!source) return;
    host.store.remember(source);
    await startInterventions(host, targets, source);
    return;
  }
  const source = await chooseSource(host, null);
  if (source) host.store.copy(source);
}
