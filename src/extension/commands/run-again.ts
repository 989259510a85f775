/** Run Again: an intervention on its prompt as it is now. */
import { descriptorOf } from "../../shared/condition/condition.ts";
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
import type { Host } from "../host.ts";
import { carriedSpan } from "../prompt/read-prompt.ts";
import type { Intervention, Source } from "../interventions/records.ts";
import { samePairs } from "../interventions/records.ts";
import { fittingAlignment, newIntervention } from "../interventions/make-intervention.ts";
import { withWord } from "../ask/choose-source.ts";
import { refreshedRead, refreshedSource } from "../ask/current-source.ts";
import { withWhatItNeeds } from "../ask/needed-input.ts";

/** Runs an intervention again, with what is chosen now. */
export async function runAgain(host: Host, intervention: Intervention): Promise<void> {
  const fresh = await withWhatItNeeds(host, await refreshedIntervention(host, intervention));
  if (fresh) await host.runner.sweep([fresh]);
}

/**
 * An intervention with everything that changed read again, put in the store in place of the old one. Results stay, so
 * that they can be told to be out of date rather than vanish.
 *
 * @param needsSource false where the source is only kept for later: whether its token still stands does not matter then
 * @throws SwapError `bad-span` when a chosen token itself was edited or its prompt deleted
 */
export async function refreshedIntervention(
  host: Host,
  intervention: Intervention,
  needsSource = descriptorOf(intervention.setup.choice.kind).takes.source,
): Promise<Intervention> {
  const { id, setup } = intervention;
  const known = intervention.target.promptId === null ? null : host.prompts.get(intervention.target.promptId);
  if (intervention.target.promptId !== null && !known?.current) {
    throw new SwapError("bad-span", l10n.t("The prompt was deleted."), l10n.t("Undo, or clear the result."));
  }
  const target = await refreshedRead(host, intervention.target);
  const targets =
    target === intervention.target ? intervention.targets : carriedTargets(intervention, target);
  const after = { ...intervention, target, targets };
  const source = needsSource ? await sourceOf(host, intervention, after) : intervention.source;
  const align = fittingAlignment(intervention.align, targets, source?.span ?? null);
  const next = newIntervention({ id, target, targets, source, align, setup });
  const isSame = target === intervention.target && source === intervention.source;
  if (isSame && samePairs(next.pairs, intervention.pairs)) return intervention;
  const { sweep, grid, attention, k } = intervention;
  const refreshed = { ...next, sweep, grid: target === intervention.target ? grid : null, attention, k };
  host.store.update(id, () => refreshed);
  return refreshed;
}

/** The chosen tokens in a prompt that was read again; those of a rule such as all but the last may be lost. */
function carriedTargets(before: Intervention, target: Intervention["target"]): Intervention["targets"] {
  const { kind, where } = before.setup.choice;
  const isRule = descriptorOf(kind).takes.places !== "chosen" && where === "all-but-last";
  return before.targets.flatMap((span) => {
    const carried = carriedSpan(before.target, span, target);
    if (carried) return [carried];
    if (isRule) return [];
    const name = span.text.trim();
    throw new SwapError(
      "bad-span",
      name === ""
        ? l10n.t("The replaced token was edited.")
        : l10n.t("The replaced token “{0}” was edited.", name),
      l10n.t("Select the tokens again and run the condition on them."),
    );
  });
}

/** A source that is the target prompt with another word follows the prompt's edits. */
async function sourceOf(host: Host, before: Intervention, after: Intervention): Promise<Source | null> {
  const { source } = before;
  if (!source) return null;
  const [span] = after.targets;
  if (source.word === null || after.target === before.target || !span) return refreshedSource(host, source);
  const changed = await withWord(host, { read: after.target, span }, source.word);
  return changed ?? source;
}
