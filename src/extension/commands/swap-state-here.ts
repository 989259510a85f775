/** Swap State Here: puts the copied state over the selected tokens and runs the sweep. */
import type { Host } from "../host.ts";
import { pickedPrompts } from "../prompt/editor-prompts.ts";
import type { ReadPrompt, Source, Swap } from "../swap/records.ts";
import type { PlacedSpan } from "../../shared/span-alignment.ts";
import { readPrompt, spansOf } from "../prompt/read-prompt.ts";
import { newSwap } from "../swap/make-swap.ts";
import { chooseAlignment } from "./choose-alignment.ts";
import { chooseSource } from "./choose-source.ts";
import { currentSource } from "./current-source.ts";
import { requiredEditor } from "./required-editor.ts";

/** Target tokens of one prompt. */
export interface TargetTokens {
  readonly read: ReadPrompt;
  readonly spans: readonly PlacedSpan[];
}

/**
 * Runs a swap on each prompt that has a cursor or selection; several in one prompt are replaced together.
 *
 * @throws SwapError
 */
export async function swapStateHere(host: Host): Promise<void> {
  const targets = await selectedTargets(host);
  const first = targets[0];
  if (!first) return;
  let source = await currentSource(host);
  if (!source) {
    source = await chooseSource(host, { read: first.read, span: first.spans[0]! });
    if (!source) return;
    host.store.remember(source);
  }
  await startSwaps(host, targets, source);
}

/** Reads the prompts at the active editor's selections, with the tokens that they select. */
export async function selectedTargets(host: Host): Promise<TargetTokens[]> {
  const targets: TargetTokens[] = [];
  for (const { toRead, selections } of pickedPrompts(host, requiredEditor(host))) {
    const read = await readPrompt(toRead, host.supervisor, host.reading);
    const spans = spansOf(read, selections);
    const widened = spans.find((span) => span.widened)?.widened;
    if (widened) host.notices.hint(widened.sentence);
    targets.push({ read, spans });
  }
  return targets;
}

/** Puts swaps in the store and runs them; asks for the alignment where lengths differ. */
export async function startSwaps(
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
  const swaps = targets.map(({ read, spans }): Swap =>
    newSwap(host.store.newId(), read, spans, source, align),
  );
  for (const swap of swaps) host.store.put(swap);
  await host.runner.sweep(swaps);
}
