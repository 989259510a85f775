/** Facts without which a result cannot be read: numeric mode, convention, BOS. */
import { replacesBos } from "../../shared/condition/condition.ts";
import { bosText, conventionText } from "../../shared/words/facts.ts";
import { CONVENTION } from "../../shared/experiment/experiment.ts";
import type { PanelFacts } from "../../shared/protocol/panel.ts";
import type { SweepRun } from "./records.ts";

/** The facts of a run. */
export function factsOf({ numeric, inputs }: Pick<SweepRun, "numeric" | "inputs">): PanelFacts {
  const { target, condition } = inputs;
  const isReplaced = replacesBos(condition);
  const bos = bosText(target.startsWithBos, target.tokenization.bos.added, isReplaced);
  return { numeric, convention: conventionText(CONVENTION), bos };
}
