/** The axis of blocks under strip and heatmap. */
import type { VNode } from "preact";
import type { LayerRange } from "../../src/shared/experiment/experiment.ts";
import { blockTicks } from "../../src/shared/text/format.ts";

/** Numbers of k under a plot of the given width in CSS pixels; hidden from screen readers, who hear k in each cell. */
export function BlockAxis({ layers, width }: { readonly layers: LayerRange; readonly width: number }): VNode {
  const count = layers.to - layers.from + 1;
  return (
    <div class="axis" aria-hidden="true">
      {blockTicks(layers.from, layers.to, width).map((k) => (
        <span key={k} style={{ left: `min(100% - 8px, ${(100 * (k - layers.from + 0.5)) / count}%)` }}>
          {k}
        </span>
      ))}
    </div>
  );
}
