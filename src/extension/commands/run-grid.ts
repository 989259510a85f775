/** Run Grid: the source state at every token of the target prompt. */
import type { Host } from "../host.ts";
import { isOneState } from "../../shared/experiment/grid-source.ts";
import type { Intervention } from "../interventions/records.ts";
import { newIntervention } from "../interventions/make-intervention.ts";
import { currentSource } from "../ask/current-source.ts";
import { ofKind, withSource } from "../ask/needed-input.ts";
import { refreshedIntervention } from "./run-again.ts";
import { chooseAlignment, chooseOneState } from "../ask/choose-alignment.ts";
import { requiredIntervention, interventionAtCursor } from "../ask/intervention-at-hand.ts";
import { chooseGridExtent } from "../ask/choose-grid-extent.ts";
import { selectedTargets } from "./swap-state-here.ts";

/**
 * Runs the grid of the intervention at hand; without one, of the prompt at the cursor with the copied state.
 *
 * @throws SwapError
 */
export async function runGrid(host: Host, id?: unknown): Promise<void> {
  const intervention = (await newGridIntervention(host, id)) ?? requiredIntervention(host, id);
  if (!host.store.intervention(intervention.id)) host.store.put(intervention);
  const fresh = await withSource(host, await refreshedIntervention(host, intervention, true));
  if (!fresh?.source) return;
  const { span } = fresh.source;
  const align = isOneState(span, fresh.align) ? fresh.align : await chooseOneState(host, span);
  if (align === undefined) return;
  host.store.set({ shownId: fresh.id });
  const chosen = await chooseGridExtent(host, fresh, fresh.source, align);
  if (!chosen) return;
  await host.runner.grid(fresh, chosen);
}

/** A swap at the cursor's tokens with the copied state; null where an intervention stands or nothing is copied. */
async function newGridIntervention(host: Host, id: unknown): Promise<Intervention | null> {
  const isNamed = typeof id === "number" && host.store.intervention(id) !== null;
  const { source } = host.store.state;
  if (isNamed || !source || interventionAtCursor(host)) return null;
  const editor = host.vs.window.activeTextEditor;
  // On the copied state's own prompt, the grid of the last intervention is meant.
  const hasOther = host.store.state.interventions.length > 0;
  if (!editor || (hasOther && isOnSource(host, source.read.promptId))) return null;
  const [target] = await selectedTargets(host);
  const copied = await currentSource(host);
  if (!target || !copied) return null;
  const align = await chooseAlignment(host, target.spans, copied.span);
  if (align === undefined) return null;
  const setup = ofKind(host.store.setupFor(target.read), "swap");
  return newIntervention({
    id: host.store.newId(),
    target: target.read,
    targets: target.spans,
    source: copied,
    align,
    setup,
  });
}

function isOnSource(host: Host, promptId: number | null): boolean {
  const editor = host.vs.window.activeTextEditor;
  const prompt = promptId === null ? null : host.prompts.get(promptId);
  if (!editor || prompt?.uri !== editor.document.uri.toString()) return false;
  const offset = editor.document.offsetAt(editor.selection.active);
  return prompt.start <= offset && offset <= prompt.end;
}
