/** What a sweep or a grid does, in words. */
import type { Condition } from "../shared/condition/condition.ts";
import { isMeantToChangeNothing, takesSource } from "../shared/condition/condition.ts";
import type { Experiment, GridExperiment, Prompt } from "../shared/experiment/experiment.ts";
import { rangeText, runsOf } from "../shared/text/ranges.ts";
import type { SweepRow } from "../shared/experiment/result.ts";
import type { NamedPrompt } from "../shared/words/condition.ts";
import { conditionSentence, gridSentence } from "../shared/words/condition.ts";
import type { Part } from "../shared/words/parts.ts";
import type { ModelInfo } from "../shared/protocol/engine.ts";
import { startsWithBos } from "./prompts.ts";

/** A line above a table: its label, and what is said behind it. */
export interface Action {
  readonly label: string;
  readonly sentence: readonly Part[];
}

type ModelFacts = Pick<ModelInfo, "blocks" | "bosId">;

/** What a sweep does: `state of '␣Italy' @2 → '␣France' @21, before layer k`. */
export function actionOf(
  { target, source, condition }: Pick<Experiment, "target" | "source" | "condition">,
  { blocks, bosId }: ModelFacts,
): Action {
  const named = namedPrompt(target, bosId);
  const from = source ? namedPrompt(source, bosId) : named;
  return {
    // Labels stand in a narrow column: `skip-attention` is `skip`.
    label: condition.kind.split("-")[0]!,
    sentence: conditionSentence({ condition, target: named, source: from, blocks }),
  };
}

/** What a grid does. */
export function gridAction(experiment: GridExperiment, { blocks, bosId }: ModelFacts): Action {
  return { label: "grid", sentence: gridSentence(experiment, namedPrompt(experiment.source, bosId), blocks) };
}

function namedPrompt(prompt: Prompt, bosId: number | null): NamedPrompt {
  return { tokens: prompt.tokens, startsWithBos: startsWithBos(prompt, bosId) };
}

/** The k at which a patch put in what was there already, in words; null when there is none, or when it was asked for. */
export function emptyPatchWarning(condition: Condition, rows: readonly SweepRow[]): string | null {
  if (isMeantToChangeNothing(condition)) return null;
  const ks = [...new Set(rows.filter((row) => row.deltaNorm === 0).map((row) => row.k))];
  if (ks.length === 0) return null;
  const ranges = runsOf(ks).map(({ from, to }) => rangeText(from, to));
  return `The put-in states equal the replaced ones (‖Δh‖ = 0) for k ${ranges.join(", ")}: nothing was ${takesSource(condition.kind) ? "swapped" : "changed"} there.`;
}
