/** Attention of the last token as the chips show it. Pure. */
import * as l10n from "@vscode/l10n";
import type { PanelState } from "../../src/shared/protocol/panel.ts";

/** Weights of the shown block for each target token; null while there are none. */
export function attentionAt({ attention, k, target }: PanelState): readonly number[] | null {
  const row = attention?.weights?.[k ?? 0];
  return row && row.length === target?.tokens.length ? row : null;
}

/** `attention 0.24`, for people and screen readers. */
export function attentionText(weight: number): string {
  return l10n.t("attention {0}", weight < 0.005 && weight > 0 ? "<0.01" : weight.toFixed(2));
}
