/** A sweep as the panel shows it: rows and verdict, facts, lens, continuations, controls. */
import * as l10n from "@vscode/l10n";
import { UNRELATED_PROMPT, controlSentence } from "../../shared/experiment/controls.ts";
import type { Doubt } from "../../shared/words/facts.ts";
import { doubtText } from "../../shared/words/facts.ts";
import type { Part } from "../../shared/words/parts.ts";
import { verdict } from "../../shared/words/verdict.ts";
import type { PanelControl, PanelSweep } from "../../shared/protocol/panel.ts";
import { sweepNotes } from "../interventions/notes.ts";
import { factsOf, verdictFacts } from "../interventions/facts.ts";
import type { ControlRun, SweepRun } from "../interventions/records.ts";

/**
 * The sweep; null when it broke off before its first row.
 *
 * @param doubt why it is not to be relied on; null while it is
 */
export function panelSweep(run: SweepRun, doubt: Doubt | null): PanelSweep | null {
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
    controls: controls?.map((control) => panelControl(control, run)) ?? null,
    verdict: isComplete ? verdict(rows, verdictFacts(run)) : [],
    notes: sweepNotes(run),
    complete: isComplete,
    doubt,
    runMs,
  };
}

function panelControl(
  { name, condition, unrelated, rows, flip, state }: ControlRun,
  sweep: SweepRun,
): PanelControl {
  const said = ((): Part[] => {
    if (state === "failed") return doubtText({ kind: "partial", reason: l10n.t("The run was ended.") });
    const facts = { ...verdictFacts(sweep), kind: condition.kind };
    return state === "complete" ? verdict(rows, facts) : [];
  })();
  const sentence = controlSentence(name, unrelated, UNRELATED_PROMPT);
  return { name, sentence, rows, flip, verdict: said, complete: state === "complete" };
}
