/** Which swap a command means: the one that is named, the one at the cursor, or the one in the panel. */
import { SwapError } from "../../shared/errors.ts";
import type { Host } from "../host.ts";
import type { Swap } from "../swap/records.ts";

/**
 * The swap that a command acts on.
 *
 * @param id what a link passed; anything else counts as nothing
 */
export function swapAtHand(host: Host, id?: unknown): Swap | null {
  const { store } = host;
  if (typeof id === "number") {
    const named = store.swap(id);
    if (named) return named;
  }
  return swapAtCursor(host) ?? store.shown ?? store.state.swaps.at(-1) ?? null;
}

/** @throws SwapError `usage` when there is no swap at all */
export function requiredSwap(host: Host, id?: unknown): Swap {
  const swap = swapAtHand(host, id);
  if (swap) return swap;
  throw new SwapError(
    "usage",
    "There is no swap yet.",
    "Select tokens and run Copy State, select others and run Swap State Here, or run the demo.",
  );
}

/** The swap on the prompt at the active editor's cursor. */
export function swapAtCursor(host: Host): Swap | null {
  const editor = host.vs.window.activeTextEditor;
  if (!editor) return null;
  const offset = editor.document.offsetAt(editor.selection.active);
  const known = host.prompts
    .in(editor.document.uri.toString())
    .filter(({ start, end, current }) => current !== null && start <= offset && offset <= end);
  for (const prompt of known) {
    const swap = host.store.swapOn(prompt.id);
    if (swap) return swap;
  }
  return null;
}
