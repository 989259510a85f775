/** Run Grid: the source state at every token of the target prompt. */
import type { Host } from "../host.ts";
import type { Swap } from "../swap/records.ts";
import { newSwap } from "../swap/make-swap.ts";
import { currentSource } from "./current-source.ts";
import { refreshedSwap } from "./run-again.ts";
import { chooseAlignment } from "./choose-alignment.ts";
import { requiredSwap, swapAtCursor, swapAtHand } from "./swap-at-hand.ts";
import { selectedTargets } from "./swap-state-here.ts";

/**
 * Runs the grid of the swap at hand; without one, of the prompt at the cursor with the copied state.
 *
 * @throws SwapError
 */
export async function runGrid(host: Host, id?: unknown): Promise<void> {
  const swap = (await newGridSwap(host, id)) ?? requiredSwap(host, id);
  if (!host.store.swap(swap.id)) host.store.put(swap);
  const fresh = await refreshedSwap(host, swap);
  host.store.set({ shownId: fresh.id });
  await host.runner.grid(fresh);
}

/** A swap at the cursor's tokens with the copied state; null where a swap stands already or nothing is copied. */
async function newGridSwap(host: Host, id: unknown): Promise<Swap | null> {
  const isNamed = typeof id === "number" && host.store.swap(id) !== null;
  const { source } = host.store.state;
  if (isNamed || !source || swapAtCursor(host)) return null;
  const editor = host.vs.window.activeTextEditor;
  // On the copied state's own prompt, the grid of the last swap is meant.
  const hasOther = swapAtHand(host) !== null;
  if (!editor || (hasOther && isOnSource(host, source.read.promptId))) return null;
  const [target] = await selectedTargets(host);
  const copied = await currentSource(host);
  if (!target || !copied) return null;
  const align = await chooseAlignment(host, target.spans, copied.span);
  if (align === undefined) return null;
  return newSwap(host.store.newId(), target.read, target.spans, copied, align);
}

function isOnSource(host: Host, promptId: number | null): boolean {
  const editor = host.vs.window.activeTextEditor;
  const prompt = promptId === null ? null : host.prompts.get(promptId);
  if (!editor || prompt?.uri !== editor.document.uri.toString()) return false;
  const offset = editor.document.offsetAt(editor.selection.active);
  return prompt.start <= offset && offset <= prompt.end;
}
