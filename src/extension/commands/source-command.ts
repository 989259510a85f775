/** Choose Source…: another state for the swap at hand, or a source for the next one. */
import type { Host } from "../host.ts";
import { newSwap } from "../swap/make-swap.ts";
import { chooseAlignment } from "./choose-alignment.ts";
import { chooseSource } from "./choose-source.ts";
import { refreshedSwap } from "./run-again.ts";
import { swapAtHand } from "./swap-at-hand.ts";
import { selectedTargets, startSwaps } from "./swap-state-here.ts";

/** Asks for a source. A swap at hand runs with it; a selection without a swap becomes one. */
export async function chooseSourceCommand(host: Host, id?: unknown): Promise<void> {
  const swap = swapAtHand(host, id);
  if (swap) {
    const fresh = await refreshedSwap(host, swap);
    const span = fresh.targets[0];
    const source = await chooseSource(host, span ? { read: fresh.target, span } : null);
    if (!source) return;
    const align = await chooseAlignment(host, fresh.targets, source.span);
    if (align === undefined) return;
    const next = { ...newSwap(swap.id, fresh.target, fresh.targets, source, align), sweep: fresh.sweep };
    host.store.remember(source);
    host.store.update(swap.id, () => next);
    await host.runner.sweep([next]);
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
    await startSwaps(host, targets, source);
    return;
  }
  const source = await chooseSource(host, null);
  if (source) host.store.copy(source);
}
