/** Run Again: an intervention on its prompt as it is now. */
import { descriptorOf } from "../../shared/condition/condition.ts";
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
import type { Host } from "../host.ts";
import { carriedSpan } from "../prompt/read-prompt.ts";
import type { Intervention, Source } from "../interventions/records.ts";
import { samePairs } from "../interventions/records.ts";
import { fittingAlignment, pairsOf } from "../interventions/make-intervention.ts";
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
 * that they can be told to be out of date rather than vanish; what is chosen, or runs, while prompts are read stands.
 *
 * @param needsSource false where the source is only kept for later: whether its token still stands does not matter then
 * @throws SwapError `bad-span` when a chosen token itself was edited or its prompt deleted
 */
export async function refreshedIntervention(
  host: Host,
  intervention: Intervention,
  needsSource?: boolean,
): Promise<Intervention> {
  const { id } = intervention;
  const takesSource = needsSource ?? descriptorOf(intervention.setup.choice.kind).takes.source;
  const known = intervention.target.promptId === null ? null : host.prompts.get(intervention.target.promptId);
  if (intervention.target.promptId !== null && !known?.current) {
    throw new SwapError("bad-span", l10n.t("The prompt was deleted."), l10n.t("Undo, or run Clear Results."));
  }
  const target = await refreshedRead(host, intervention.target);
  const targets =
    target === intervention.target ? intervention.targets : carriedTargets(intervention, target);
  const after = { ...intervention, target, targets };
  const source = takesSource ? await sourceOf(host, intervention, after) : intervention.source;
  const now = host.store.intervention(id) ?? intervention;
  if (!isChosenAlike(now, intervention)) return refreshedIntervention(host, now, needsSource);
  const align = fittingAlignment(intervention.align, targets, source?.span ?? null);
  const pairs = pairsOf({ targets, source, align });
  const isSame = target === intervention.target && source === intervention.source;
  if (isSame && samePairs(pairs, intervention.pairs)) return now;
  const part = { target, targets, source, align, pairs, cell: null };
  const grid = target === intervention.target ? now.grid : null;
  return host.store.update(id, () => ({ ...part, grid })) ?? { ...now, ...part, grid };
}

/** Whether nothing was chosen between two states of an intervention; its runs may have gone on. */
function isChosenAlike(a: Intervention, b: Intervention): boolean {
  return (["target", "targets", "source", "align", "setup"] as const).every((part) => a[part] === b[part]);
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
