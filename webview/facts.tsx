/** The facts without which a result cannot be read: numeric mode, convention, BOS, how much was changed. */
import type { VNode } from "preact";
import type { PanelSweep } from "../src/shared/panel.ts";
import { rowsAt } from "./strip.tsx";

/** One quiet line under the verdict. */
export function FactsLine({ sweep, k }: { readonly sweep: PanelSweep; readonly k: number | null }): VNode {
  const { numeric, convention, bos } = sweep.facts;
  const norms = rowsAt(sweep, k).map((row) => row.deltaNorm);
  const mean = norms.reduce((sum, norm) => sum + norm, 0) / norms.length;
  const norm = norms.length === 0 ? null : `‖Δh‖ ${mean.toPrecision(3)} at k = ${k!}`;
  const facts = [numeric, convention, bos, norm].filter((fact) => fact !== null && fact !== "");
  return <p class="facts-line dim hint">{facts.join(" · ")}</p>;
}
