/** The axis of blocks under a picture. */
import * as l10n from "@vscode/l10n";
import type { LayerRange } from "../experiment/experiment.ts";
import { blockTicks } from "../text/format.ts";
import type { Block } from "./caption.ts";
import type { Look } from "./look.ts";
import { textAt } from "./svg.ts";

/** Where a plot stands: x of the first block's cell, and the width of a cell, CSS pixels. */
export interface Columns {
  readonly left: number;
  readonly cell: number;
}

/** Numbers of blocks under their cells, and the axis' name under them. */
export function blockAxis({ from, to }: LayerRange, { left, cell }: Columns, top: number, look: Look): Block {
  const width = (to - from + 1) * cell;
  const style = { "font-size": 10.5, "text-anchor": "middle", fill: look.dim };
  const numbers = blockTicks(from, to, width).map((k) =>
    textAt(left + (k - from + 0.5) * cell, top + 13, String(k), style),
  );
  const name = textAt(
    left + width / 2,
    top + 29,
    l10n.t("layer k whose input is replaced (0 = embeddings)"),
    {
      ...style,
      "font-size": 11,
    },
  );
  return { parts: [...numbers, name], height: 36 };
}

/** Width of a cell, so that a plot of so many columns fills about `wanted` pixels. */
export function cellWidth(columns: number, wanted: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, Math.floor(wanted / columns)));
}
