/** The range of k that the next run takes. */
import * as l10n from "@vscode/l10n";
import type { LayerRange } from "../../shared/experiment/experiment.ts";
import type { Intervention } from "./records.ts";

/**
 * The range of the next run, cut to the model and to the smallest k of a condition; as chosen (0–0 without a choice)
 * while the model's blocks are not known.
 */
export function layersFor(chosen: LayerRange | null, blocks: number, smallest = 0): LayerRange {
  const last = Math.max(0, blocks - 1);
  const { from, to } = chosen ?? { from: 0, to: last };
  if (blocks === 0) return { from, to };
  const least = Math.min(smallest, last);
  const within = (k: number): number => Math.max(least, Math.min(k, last));
  return { from: within(from), to: within(to) };
}

/** Blocks of the model that ran, as far as the results tell; 0 without one. */
export function ranBlocks(intervention: Pick<Intervention, "sweep" | "grid"> | null): number {
  const runs = [intervention?.sweep, intervention?.grid].filter((run) => run !== null && run !== undefined);
  return Math.max(0, ...runs.map(({ model, layers }) => model?.blocks ?? layers.to + 1));
}

/**
 * Reads a range as users type it: `0-29`, `0–29`, `0..29`, `17`, `all`.
 *
 * @returns the range, or a sentence that says what is wrong
 */
export function parseLayerRange(text: string, blocks: number): LayerRange | string {
  const last = blocks - 1;
  if (text.trim().toLowerCase() === "all") return { from: 0, to: last };
  const match = /^\s*(\d+)\s*(?:(?:-|–|\.\.)\s*(\d+)\s*)?$/.exec(text);
  if (!match) return l10n.t("Write two layers such as 0-{0}, one layer, or all.", last);
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  if (from > to) return l10n.t("The range ends before it begins: write {0}-{1}.", to, from);
  if (to > last) return l10n.t("The model has {0} layers, k 0 to {1}.", blocks, last);
  return { from, to };
}
