/** Choose Source…: another state for the intervention at hand, or a source for the next one. */
import type { Host } from "../host.ts";
import { withChosenSource } from "../interventions/make-intervention.ts";
import { chooseAlignment } from "../ask/choose-alignment.ts";
import { chooseSource } from "../ask/choose-source.ts";
import { ofKind } from "../ask/needed-input.ts";
import { refreshedIntervention } from "./run-again.ts";
import { interventionAtHand } from "../ask/intervention-at-hand.ts";
import { selectedTargets, startInterventions } from "./swap-state-here.ts";

/** Asks for a source: for the named intervention, else for what is selected, else for the intervention at hand. */
export async function chooseSourceCommand(host: Host, id?: unknown): Promise<void> {
  const selection = host.vs.window.activeTextEditor?.selection;
  const isSelected = typeof id !== "number" && selection !== undefined && !selection.isEmpty;
  const intervention = isSelected ? null : interventionAtHand(host, id);
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
  if (isSelected) {
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
