/** What facts and verdict of a run are told from. */
import { CONVENTION } from "../../shared/experiment/experiment.ts";
import type { RanWith } from "../../shared/protocol/panel-result.ts";
import { panelFacts } from "../../shared/protocol/panel-result.ts";
import type { PanelFacts } from "../../shared/protocol/panel.ts";
import type { VerdictFacts } from "../../shared/words/verdict.ts";
import { verdictFacts as factsOfSweep } from "../../shared/words/verdict.ts";
import type { SweepRun } from "./records.ts";

/** With which model and on which prompt a sweep runs, as far as it is known. */
export function ranWith({ model, layers, inputs }: Pick<SweepRun, "model" | "layers" | "inputs">): RanWith {
  const { numeric = "", blocks = layers.to + 1 } = model ?? {};
  return { model: { numeric, blocks }, target: inputs.target, convention: CONVENTION };
}

/** The facts of a run. */
export function factsOf(run: Pick<SweepRun, "model" | "layers" | "inputs">): PanelFacts {
  return panelFacts(run.inputs.condition, ranWith(run));
}

/** What the verdict of a run is told from. */
export function verdictFacts(
  run: Pick<SweepRun, "inputs" | "model" | "layers" | "answers" | "baseline">,
): VerdictFacts {
  return factsOfSweep({ ...run, condition: run.inputs.condition }, ranWith(run).model.blocks);
}
