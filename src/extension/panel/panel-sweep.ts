/** A sweep as the panel shows it: rows and verdict, facts, lens, continuations, controls. */
import * as l10n from "@vscode/l10n";
import { UNRELATED_PROMPT, controlSentence } from "../../shared/experiment/controls.ts";
import { incompleteReason } from "../../shared/words/facts.ts";
import { outcomeRow } from "../../shared/words/answer.ts";
import { verdict } from "../../shared/words/verdict.ts";
import type { PanelControl, PanelSweep } from "../../shared/protocol/panel.ts";
import { factsOf } from "../interventions/facts.ts";
import type { ControlRun, SweepRun } from "../interventions/records.ts";

/**
 * The sweep; null when it broke off before its first row.
 *
 * @param blocks number of blocks of the model
 * @param stale why it no longer stands, or is incomplete; null while it stands
 */
export function panelSweep(run: SweepRun, blocks: number, stale: string | null): PanelSweep | null {
  if (run.rows.length === 0 && run.state === "failed") return null;
  const { inputs, request, layers, rows, baseline, answers, flip, lens, continuations, controls, runMs } =
    run;
  const { condition } = inputs;
  const isComplete = run.state === "complete";
  return {
    kind: condition.kind,
    seeds: "seeds" in condition ? condition.seeds : [],
    scoring: request?.scoring ?? "next-token",
    facts: factsOf(run),
    lens,
    continuations,
    layers,
    rows,
    baseline,
    answers,
    flip,
    controls: controls?.map((control) => panelControl(control, blocks)) ?? null,
    verdict: isComplete ? verdict(rows.map(outcomeRow), blocks, condition.kind) : "",
    complete: isComplete,
    stale,
    runMs,
  };
}

function panelControl(
  { name, condition, unrelated, rows, flip, state }: ControlRun,
  blocks: number,
): PanelControl {
  const said = ((): string => {
    if (state === "failed") return incompleteReason(l10n.t("the run was ended."));
    return state === "complete" ? verdict(rows.map(outcomeRow), blocks, condition.kind) : "";
  })();
  const sentence = controlSentence(name, unrelated, UNRELATED_PROMPT);
  return { name, sentence, rows, flip, verdict: said, complete: state === "complete" };
}
