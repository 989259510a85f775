/** Continue Text…: what the model goes on to say, before and after the patch. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
import { MOST_CONTINUATION_TOKENS, USUAL_CONTINUATION_TOKENS } from "../../shared/experiment/limits.ts";
import type { Host } from "../host.ts";
import { COMMAND_IDS } from "../ids.ts";
import { shownK } from "../interventions/shown-k.ts";
import { requiredIntervention } from "../ask/intervention-at-hand.ts";

/**
 * Asks for a number of tokens, generates them at the shown k and opens the panel, which shows them.
 *
 * @throws SwapError `usage` without a result
 */
export async function continueHere(host: Host, id?: unknown): Promise<void> {
  const intervention = requiredIntervention(host, id);
  const k = shownK(intervention);
  if (k === null || !intervention.sweep) {
    throw new SwapError(
      "usage",
      l10n.t("There is no result to continue from."),
      l10n.t("Run the sweep first."),
    );
  }
  const before = intervention.sweep.continuations?.tokens ?? USUAL_CONTINUATION_TOKENS;
  const text = await host.vs.window.showInputBox({
    title: l10n.t("Continue Text"),
    prompt: l10n.t(
      "Tokens to generate after the prompt, unpatched and patched at k = {0} (1 to {1})",
      k,
      MOST_CONTINUATION_TOKENS,
    ),
    value: String(before),
    validateInput: (value) => (tokensIn(value, MOST_CONTINUATION_TOKENS) === null ? whatToWrite() : null),
  });
  const tokens = text === undefined ? null : tokensIn(text, MOST_CONTINUATION_TOKENS);
  if (tokens === null) return;
  host.store.set({ shownId: intervention.id });
  void host.vs.commands.executeCommand(COMMAND_IDS.openPanel);
  await host.runner.continuation(intervention, k, tokens);
}

function whatToWrite(): string {
  return l10n.t("Write a whole number from 1 to {0}.", MOST_CONTINUATION_TOKENS);
}

/** A number of tokens as users type it, from 1 to `most`; null for anything else. */
export function tokensIn(text: string, most: number): number | null {
  if (!/^\s*\d+\s*$/.test(text)) return null;
  const tokens = Number(text);
  return tokens >= 1 && tokens <= most ? tokens : null;
}
