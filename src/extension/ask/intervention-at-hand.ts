/** Which intervention a command means: the one that is named, the one at the cursor, or the one in the panel. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
import type { Host } from "../host.ts";
import type { Intervention } from "../interventions/records.ts";
import type { KnownPrompt } from "../prompt/prompt-register.ts";

/** What a key binding passes: the prompt at the cursor is meant, and no other. */
export const AT_CURSOR = "cursor";

/**
 * The intervention that a command acts on.
 *
 * @param id what a link passed, or `AT_CURSOR`; anything else counts as nothing
 */
export function interventionAtHand(host: Host, id?: unknown): Intervention | null {
  const { store } = host;
  if (typeof id === "number") {
    const named = store.intervention(id);
    if (named) return named;
  }
  const here = interventionAtCursor(host);
  if (here || id === AT_CURSOR) return here;
  return store.shown ?? store.state.interventions.at(-1) ?? null;
}

/** @throws SwapError `usage` when there is no swap at all */
export function requiredIntervention(host: Host, id?: unknown): Intervention {
  const intervention = interventionAtHand(host, id);
  if (intervention) return intervention;
  if (host.store.state.interventions.length > 0) {
    throw new SwapError(
      "usage",
      l10n.t("There is no result on the prompt at the cursor."),
      l10n.t("Place the cursor in a prompt with a result, or run the command from the panel."),
    );
  }
  throw new SwapError(
    "usage",
    l10n.t("There is no result yet."),
    l10n.t(
      "Select tokens and run Copy State, select others and run Swap State Here; or run a condition, or the demo.",
    ),
  );
}

/** The intervention on the prompt at the active editor's cursor. */
export function interventionAtCursor(host: Host): Intervention | null {
  for (const { id } of promptsAtCursor(host)) {
    const intervention = host.store.interventionOn(id);
    if (intervention) return intervention;
  }
  return null;
}

/** Known prompts at the active editor's cursor. */
export function promptsAtCursor({ vs, prompts }: Host): KnownPrompt[] {
  const editor = vs.window.activeTextEditor;
  if (!editor) return [];
  const offset = editor.document.offsetAt(editor.selection.active);
  return prompts
    .in(editor.document.uri.toString())
    .filter(({ start, end, current }) => current !== null && start <= offset && offset <= end);
}
