/** The run of a sweep's controls: other conditions at the same positions and k, with the sweep's answers. */
import * as l10n from "@vscode/l10n";
import { descriptorOf } from "../../shared/condition/condition.ts";
import type { ControlPlan } from "../../shared/experiment/controls.ts";
import { controlWords, controlsOf, UNRELATED_PROMPT } from "../../shared/experiment/controls.ts";
import { SwapError } from "../../shared/errors.ts";
import type { AnswerRequest } from "../../shared/experiment/experiment.ts";
import { promptOf } from "../../shared/experiment/experiment.ts";
import type { Tokenization } from "../../shared/prompt/tokens.ts";
import type { Control } from "../../shared/experiment/run.ts";
import type { Intervention, SweepRun } from "./records.ts";
import type { RunContext } from "./run-context.ts";
import { sweepParams, withRow } from "./run-sweep.ts";

/**
 * Runs the controls of an intervention's sweep, which must be complete.
 *
 * @throws SwapError `usage` without a complete sweep, `bad-condition` where nothing can be compared
 */
export async function runControls(context: RunContext, { id }: Intervention): Promise<void> {
  const { store, supervisor } = context;
  const sweep = store.intervention(id)?.sweep;
  if (sweep?.state !== "complete" || !sweep.answers || !sweep.request) {
    throw new SwapError(
      "usage",
      l10n.t("There is no complete result to compare with."),
      l10n.t("Run the sweep first."),
    );
  }
  const { target, condition } = sweep.inputs;
  const bos = target.reading.bos;
  const unrelated = await supervisor.request("tokenize", { text: UNRELATED_PROMPT, bos });
  const plans = controlsOf(condition, unrelated.ids.length);
  if (plans.length === 0) {
    throw new SwapError(
      "bad-condition",
      l10n.t("{0} replaces no states, so that no control fits it.", descriptorOf(condition.kind).name()),
      l10n.t("Controls compare conditions that put states at tokens."),
    );
  }
  const answers: AnswerRequest = { ...sweep.request, ...sweep.answers };
  store.updateSweep(sweep.run, () => ({
    controls: plans.map((plan) => startedControl(plan, unrelated)),
  }));
  for (const [i, plan] of plans.entries()) {
    const update = (change: (control: Control) => Partial<Control>): void => {
      store.updateSweep(sweep.run, ({ controls }) => ({
        controls: controls?.map((one, at) => (at === i ? { ...one, ...change(one) } : one)) ?? null,
      }));
    };
    await runControl(context, sweep, plan, unrelated, answers, update).catch((error: unknown) => {
      store.updateSweep(sweep.run, ({ controls }) => ({
        controls:
          controls?.map((one) => (one.state === "running" ? { ...one, state: "partial" } : one)) ?? null,
      }));
      throw error;
    });
  }
}

async function runControl(
  context: RunContext,
  { inputs, layers }: SweepRun,
  { name, condition, readsUnrelated }: ControlPlan,
  unrelated: Tokenization,
  answers: AnswerRequest,
  update: (change: (control: Control) => Partial<Control>) => void,
): Promise<void> {
  const label = l10n.t("Control: {0}", controlWords(name).short);
  context.progress(label, 0, 0);
  const params = {
    ...sweepParams({ target: inputs.target, source: null, condition }, layers, answers),
    source: readsUnrelated ? promptOf(unrelated) : null,
    lens: false,
  };
  const { rows, flip } = await context.supervisor.request("sweep", params, {
    signal: context.signal,
    onProgress: (progress) => {
      if (progress.kind !== "row") return;
      update((control) => ({ rows: withRow(control.rows, progress.row) }));
      context.progress(label, progress.done, progress.total);
    },
  });
  update(() => ({ rows, flip, state: "complete" }));
}

function startedControl({ name, condition, readsUnrelated }: ControlPlan, unrelated: Tokenization): Control {
  return {
    name,
    condition,
    source: readsUnrelated ? promptOf(unrelated) : null,
    rows: [],
    flip: null,
    state: "running",
  };
}
