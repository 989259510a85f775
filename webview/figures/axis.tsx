/** The axis of blocks under strip and heatmap, with the layers where runs flip. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import type { LayerRange } from "../../src/shared/experiment/experiment.ts";
import type { Flip } from "../../src/shared/experiment/outcome.ts";
import { blockTicks } from "../../src/shared/text/format.ts";

/** Nearest that a number may stand to a flip's, CSS pixels. */
const APART = 25;

/**
 * Numbers of k under a plot of the given width in CSS pixels; hidden from screen readers, who hear k in each cell.
 *
 * @param flips of the shown run, then of the one compared with it: their numbers stand in place of those of the axis
 */
export function BlockAxis(props: {
  readonly layers: LayerRange;
  readonly width: number;
  readonly flips?: readonly (Flip | null)[];
}): VNode {
  const { layers, width, flips = [] } = props;
  const count = layers.to - layers.from + 1;
  const least = Math.ceil((APART * count) / Math.max(1, width));
  const marked: number[] = [];
  for (const flip of flips) if (flip && isApart(flip.k, marked, least)) marked.push(flip.k);
  const left = (k: number): string => `min(100% - 8px, ${(100 * (k - layers.from + 0.5)) / count}%)`;
  return (
    <div class="axis" aria-hidden="true">
      {blockTicks(layers.from, layers.to, width)
        .filter((k) => isApart(k, marked, least))
        .map((k) => (
          <span key={k} style={{ left: left(k) }}>
            {k}
          </span>
        ))}
      {marked.map((k) => (
        <b
          key={k}
          class={k === flips[0]?.k ? "flip-at" : "flip-at compared"}
          style={{ left: left(k) }}
          title={l10n.t("flip {0}", k)}
        >
          {k}
        </b>
      ))}
    </div>
  );
}

function isApart(k: number, marked: readonly number[], least: number): boolean {
  return marked.every((other) => Math.abs(other - k) >= least);
}
