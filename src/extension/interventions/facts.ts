/** Facts without which a result cannot be read: numeric mode, convention, BOS, size of the change. */
import { bosText, conventionText } from "../../shared/words/facts.ts";
import { replacedPositions } from "../../shared/condition/condition.ts";
import { CONVENTION } from "../../shared/experiment/experiment.ts";
import type { PanelFacts } from "../../shared/protocol/panel.ts";
import type { SweepRow } from "../../shared/experiment/result.ts";
import type { SweepRun } from "./records.ts";

/** The facts of a run. */
export function factsOf({ numeric, inputs }: Pick<SweepRun, "numeric" | "inputs">): PanelFacts {
  const { target, condition } = inputs;
  const isReplaced = condition.kind === "skip-attention" ? null : replacedPositions(condition).includes(0);
  const bos = bosText(target.startsWithBos, target.tokenization.bos.added, isReplaced);
  return { numeric, convention: conventionText(CONVENTION), bos };
}

/** `‖Δh‖ 12.3` of the rows of one k, least and most over seeds; empty without rows. */
export function deltaText(rows: readonly SweepRow[], k: number | null): string {
  const norms = rows.filter((row) => row.k === k).map((row) => row.deltaNorm);
  if (norms.length === 0) return "";
  const [least, most] = [Math.min(...norms), Math.max(...norms)].map(normText);
  return `‖Δh‖ ${least === most ? least! : `${least!} … ${most!}`}`;
}

/** Three digits, without an exponent for the norms that large models have. */
function normText(norm: number): string {
  return norm >= 100 ? norm.toFixed(0) : norm.toPrecision(3);
}
