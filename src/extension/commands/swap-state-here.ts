/** Swap State Here: puts the copied state over the selected tokens and runs the sweep. */
import type { TextEditor } from "vscode";
import type { Host } from "../host.ts";
import type { Intervention, Source } from "../interventions/records.ts";
import type { ReadPrompt } from "../prompt/reading.ts";
import type { PlacedSpan } from "../../shared/condition/span-alignment.ts";
import { readPrompt, spansOf } from "../prompt/read-prompt.ts";
import { newIntervention } from "../interventions/make-intervention.ts";
import { promptsToRead } from "../ask/ask-values.ts";
import { chooseAlignment } from "../ask/choose-alignment.ts";
import { chooseSource } from "../ask/choose-source.ts";
import { currentSource } from "../ask/current-source.ts";
import { ofKind } from "../ask/needed-input.ts";
import { requiredEditor } from "../ask/required-editor.ts";
import { pickedPrompts } from "../prompt/editor-prompts.ts";
import { manySelected } from "../prompt/many-prompts.ts";
import { swapMany } from "./swap-many.ts";

/** Target tokens of one prompt. */
export interface TargetTokens {
  readonly read: ReadPrompt;
  readonly spans: readonly PlacedSpan[];
}

/**
 * Runs a swap on each prompt that has a cursor or selection; several in one prompt are replaced together. Whole lines, and
 * rows of a table, are many prompts.
 *
 * @throws SwapError
 */
export async function swapStateHere(host: Host): Promise<void> {
  const editor = requiredEditor(host);
  const many = manySelected(editor);
  if (many && (await swapMany(host, many, !many.isTable && isInOnePrompt(host, editor)))) return;
  const targets = await selectedTargets(host);
  const first = targets[0];
  if (!first) return;
  let source = await currentSource(host);
  if (!source) {
    source = await chooseSource(host, { read: first.read, span: first.spans[0]! });
    if (!source) return;
    host.store.remember(source);
  }
  await startInterventions(host, targets, source);
}

/** Whether what is selected can be tokens of one prompt. */
function isInOnePrompt(host: Host, editor: TextEditor): boolean {
  try {
    return pickedPrompts(host, editor).length === 1;
  } catch {
    return false;
  }
}

/** Reads the prompts at the active editor's selections, with the tokens that they select; none when the user left a question. */
export async function selectedTargets(host: Host): Promise<TargetTokens[]> {
  const targets: TargetTokens[] = [];
  for (const { toRead, selections } of (await promptsToRead(host, requiredEditor(host))) ?? []) {
    const read = await readPrompt(toRead, host.supervisor, host.reading);
    const spans = spansOf(read, selections);
    const widened = spans.find((span) => span.widened)?.widened;
    if (widened) host.notices.hint(widened.sentence);
    targets.push({ read, spans });
  }
  return targets;
}

/** Puts swaps in the store and runs them; asks for the alignment where lengths differ. */
export async function startInterventions(
  host: Host,
  targets: readonly TargetTokens[],
  source: Source,
): Promise<void> {
  const align = await chooseAlignment(
    host,
    targets.flatMap(({ spans }) => spans),
    source.span,
  );
  if (align === undefined) return;
  const { store } = host;
  const interventions = targets.map(({ read, spans }): Intervention => {
    const setup = ofKind(store.setupFor(read), "swap");
    return newIntervention({ id: store.newId(), target: read, targets: spans, source, align, setup });
  });
  store.set({ setup: ofKind(store.state.setup, "swap") });
  for (const intervention of interventions) store.put(intervention);
  await host.runner.sweep(interventions);
}
