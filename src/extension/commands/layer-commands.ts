/** Set Layer Range…, Step Layer Up and Down. */
import * as l10n from "@vscode/l10n";
import type { Host } from "../host.ts";
import { smallestK } from "../../shared/condition/condition.ts";
import { rangeText } from "../../shared/text/ranges.ts";
import { layersFor, parseLayerRange } from "../interventions/layers.ts";
import type { Intervention } from "../interventions/records.ts";
import { showK, shownK } from "../interventions/shown-k.ts";
import { runAgain } from "./run-again.ts";
import { interventionAtHand, requiredIntervention } from "../ask/intervention-at-hand.ts";

/**
 * Asks for the range of k; an intervention that has a result runs again over it.
 *
 * @throws SwapError when no model can be opened
 */
export async function setLayerRange(host: Host, id?: unknown): Promise<void> {
  const { blocks } = await host.supervisor.open();
  const { kind } = (interventionAtHand(host, id)?.setup ?? host.store.state.setup).choice;
  const smallest = smallestK(kind);
  const { from, to } = layersFor(host.store.state.layers, blocks, smallest);
  const text = await host.vs.window.showInputBox({
    title: l10n.t("Layer Range"),
    prompt: l10n.t("k from–to, 0 to {0} (k = layer whose input is replaced, 0 = embeddings)", blocks - 1),
    value: `${from}-${to}`,
    validateInput: (value) => {
      const parsed = parseLayerRange(value, blocks);
      return typeof parsed === "string" ? parsed : null;
    },
  });
  if (text === undefined) return;
  const layers = parseLayerRange(text, blocks);
  if (typeof layers === "string") return;
  const isAll = layers.from <= smallest && layers.to === blocks - 1;
  host.store.set({ layers: isAll ? null : layers });
  host.notices.hint(l10n.t("Layer range: k {0}", rangeText(layers.from, layers.to)));
  const intervention = interventionAtHand(host, id);
  if (intervention?.sweep) await runAgain(host, intervention);
}

/**
 * Shows the answers of the next k in a direction.
 *
 * @throws SwapError `usage` without an intervention
 */
export function stepLayer(host: Host, direction: 1 | -1, id?: unknown): void {
  const intervention = requiredIntervention(host, id);
  const rows = rowsOf(intervention);
  const at = shownK(intervention);
  if (rows.length === 0 || at === null) return;
  const next =
    direction > 0 ? (rows.find((k) => k > at) ?? rows.at(-1)!) : (rows.findLast((k) => k < at) ?? rows[0]!);
  showK(host, intervention, next);
}

/** Every k that there is an answer for, ascending. */
function rowsOf({ sweep, grid }: Intervention): number[] {
  if (sweep && sweep.rows.length > 0) return sweep.rows.map((row) => row.k);
  if (!grid) return [];
  const { from, to } = grid.layers;
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
