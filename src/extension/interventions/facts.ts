/** Facts without which a result cannot be read: numeric mode, convention, BOS; and what its verdict is told from. */
import { replacesBos } from "../../shared/condition/condition.ts";
import { bosText, conventionText } from "../../shared/words/facts.ts";
import { CONVENTION } from "../../shared/experiment/experiment.ts";
import type { PanelFacts } from "../../shared/protocol/panel.ts";
import { givesTarget } from "../../shared/experiment/outcome.ts";
import type { VerdictFacts } from "../../shared/words/verdict.ts";
import type { SweepRun } from "./records.ts";

/** The facts of a run. */
export function factsOf({ numeric, inputs }: Pick<SweepRun, "numeric" | "inputs">): PanelFacts {
  const { target, condition } = inputs;
  const isReplaced = replacesBos(condition);
  const bos = bosText(target.startsWithBos, target.tokenization.bos.added, isReplaced);
  return { numeric, convention: conventionText(CONVENTION), bos };
}

/** What the verdict of a run is told from. */
export function verdictFacts({
  inputs,
  model,
  layers,
  answers,
  baseline,
}: Pick<SweepRun, "inputs" | "model" | "layers" | "answers" | "baseline">): VerdictFacts {
  const blocks = model?.blocks ?? layers.to + 1;
  return { kind: inputs.condition.kind, blocks, givesTarget: givesTarget(answers, baseline) };
}
