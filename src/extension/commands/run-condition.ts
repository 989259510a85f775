/** Run Condition…: asks which, and runs it on the selected tokens, or on all but the last. */
import * as l10n from "@vscode/l10n";
import type { ConditionKind } from "../../shared/condition/condition.ts";
import { CONDITION_KINDS, descriptorOf } from "../../shared/condition/condition.ts";
import type { Host } from "../host.ts";
import type { PickedPrompt } from "../prompt/editor-prompts.ts";
import { readPrompt, spansOf } from "../prompt/read-prompt.ts";
import type { ReadPrompt } from "../prompt/reading.ts";
import { fittingAlignment, newIntervention } from "../interventions/make-intervention.ts";
import type { Intervention, VectorsFile } from "../interventions/records.ts";
import { promptsToRead } from "../ask/ask-values.ts";
import { chooseVectors } from "../ask/needed-input.ts";
import { requiredEditor } from "../ask/required-editor.ts";
import { swapStateHere } from "./swap-state-here.ts";

/**
 * Runs a condition on each prompt that has a cursor or selection.
 *
 * @param argument a kind of condition, as a key binding may pass it; otherwise the user is asked
 * @throws SwapError
 */
export async function runCondition(host: Host, argument?: unknown): Promise<void> {
  requiredEditor(host);
  const kind = CONDITION_KINDS.find((known) => known === argument) ?? (await pickKind(host));
  if (kind === undefined) return;
  if (descriptorOf(kind).takes.source) {
    await swapStateHere(host);
    return;
  }
  const isGiven = descriptorOf(kind).takes.places === "given";
  const chosen = isGiven ? await chooseVectors(host) : null;
  if (isGiven && !chosen) return;
  const prompts: [PickedPrompt, ReadPrompt][] = [];
  for (const picked of (await promptsToRead(host, requiredEditor(host))) ?? []) {
    prompts.push([picked, await readPrompt(picked.toRead, host.supervisor, host.reading)]);
  }
  // Made together once all are read: what is chosen meanwhile counts.
  const interventions = prompts.map(([{ selections }, target]) =>
    interventionOn(host, target, selections, kind, chosen),
  );
  const last = interventions.at(-1);
  if (!last) return;
  const { choice, vectors } = last.setup;
  host.store.set({ setup: { ...host.store.state.setup, choice, vectors } });
  for (const intervention of interventions) host.store.put(intervention);
  await host.runner.sweep(interventions);
}

async function pickKind(host: Host): Promise<ConditionKind | undefined> {
  const { vs, store, supervisor } = host;
  const before = store.state.setup.choice.kind;
  const items = CONDITION_KINDS.map((kind) => ({
    label: descriptorOf(kind).name(),
    description: kind === before ? l10n.t("used last") : "",
    detail:
      descriptorOf(kind).acts === "skips-attention" && supervisor.model.info?.skipsAttention === false
        ? l10n.t("{0} Not with this model’s file.", descriptorOf(kind).sentence())
        : descriptorOf(kind).sentence(),
    choice: kind,
  }));
  const picked = await vs.window.showQuickPick(items, {
    title: l10n.t("Run Condition"),
    placeHolder: l10n.t("On the selected tokens; with nothing selected, on all tokens but the last"),
    matchOnDetail: true,
  });
  return picked?.choice;
}

function interventionOn(
  host: Host,
  target: ReadPrompt,
  selections: PickedPrompt["selections"],
  kind: ConditionKind,
  vectors: VectorsFile | null,
): Intervention {
  const { store } = host;
  const selected = selections.filter(({ start, end }) => start < end);
  const spans = selected.length > 0 ? spansOf(target, selected) : [];
  const widened = spans.find((span) => span.widened)?.widened;
  if (widened) host.notices.hint(widened.sentence);
  const before = store.interventionOnSame(target);
  const setup = store.setupFor(target);
  const source = before?.source ?? store.state.source;
  const wanted = before?.align ?? store.state.align;
  return newIntervention({
    id: store.newId(),
    target,
    targets: spans,
    source,
    align: fittingAlignment(wanted, spans, source?.span ?? null),
    setup: {
      ...setup,
      vectors: vectors ?? setup.vectors,
      choice: { ...setup.choice, kind, where: spans.length > 0 ? "chosen" : "all-but-last" },
    },
  });
}
