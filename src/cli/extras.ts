/** What a sweep can bring beside its rows: logit lens, attention, continuations, controls. */
import { SwapError } from "../shared/errors.ts";
import type { Experiment, RowKey } from "../shared/experiment/experiment.ts";
import { controlsOf } from "../shared/experiment/controls.ts";
import type { ModelInfo, SweepReply } from "../shared/protocol/engine.ts";
import type { ControlResult, SweepResult } from "../shared/experiment/result.ts";
import type { BosPolicy } from "../shared/prompt/tokens.ts";
import type { BesideOptions } from "./options/beside-options.ts";
import type { OpenModel } from "./engine.ts";
import type { Messages } from "./messages.ts";
import { controlForm } from "../shared/export/result-form.ts";
import { readyPrompt } from "./prompts.ts";

/** What came of it: the optional parts of a result. */
export type Beside = Pick<SweepResult, "lens" | "attention" | "continuations" | "controls">;

/**
 * Refuses what the model cannot give before anything runs.
 *
 * @throws SwapError `unsupported-model`
 */
export function checkBeside(
  options: BesideOptions,
  { givesAttention, whyNoAttention }: Pick<ModelInfo, "givesAttention" | "whyNoAttention">,
): void {
  if (!options.attention || givesAttention) return;
  throw new SwapError(
    "unsupported-model",
    `This model's file gives no attention weights${whyNoAttention === undefined ? "" : `: ${whyNoAttention}`}.`,
    "Leave --attention out, or try another export of the model.",
  );
}

/** Runs what was asked for, after the sweep, with its answers. */
export async function runBeside(
  experiment: Experiment,
  reply: SweepReply,
  options: BesideOptions,
  bos: BosPolicy,
  model: OpenModel,
  messages: Messages,
): Promise<Beside> {
  const beside: { -readonly [Part in keyof Beside]: Beside[Part] } = {};
  if (reply.lens) beside.lens = reply.lens;
  if (options.attention) {
    messages.progress("attention");
    beside.attention = (await model.request("attention", { ids: experiment.target.ids })).weights;
  }
  if (options.continuation !== null) {
    beside.continuations = await continuations(experiment, reply, options.continuation, model, messages);
  }
  if (options.controls) {
    beside.controls = await controls(experiment, reply, options.unrelated, bos, model, messages);
  }
  messages.endProgress();
  return beside;
}

async function continuations(
  { target, source, condition }: Experiment,
  { rows }: SweepReply,
  tokens: number,
  model: OpenModel,
  messages: Messages,
): Promise<NonNullable<Beside["continuations"]>> {
  messages.progress("continuations");
  const keys = rows.map(({ k, seed }): RowKey => ({ k, seed: seed ?? null }));
  return model.request(
    "continuation",
    { target, source, condition, rows: keys, tokens },
    {
      onProgress: (progress) => {
        if (progress.kind === "step") {
          messages.progress(`continuations, ${progress.done} of ${progress.total}`);
        }
      },
    },
  );
}

async function controls(
  experiment: Experiment,
  reply: SweepReply,
  unrelatedText: string,
  bos: BosPolicy,
  model: OpenModel,
  messages: Messages,
): Promise<ControlResult[]> {
  const input = { kind: "text" as const, text: unrelatedText, file: null };
  const unrelated = await readyPrompt(model, input, "source", bos, messages);
  const plans = controlsOf(experiment.condition, unrelated.prompt.ids.length);
  if (plans.length === 0) {
    messages.note("Skip attention replaces no states: it has no controls.");
  }
  const results: ControlResult[] = [];
  for (const { name, condition, readsUnrelated } of plans) {
    messages.progress(`control ${name}`);
    const source = readsUnrelated ? unrelated.prompt : null;
    const { target, source: sourceAnswer } = reply.answers;
    const { rows, flip } = await model.request("sweep", {
      ...experiment,
      source,
      condition,
      lens: false,
      answers: { ...experiment.answers, target, source: sourceAnswer },
    });
    results.push(controlForm({ name, condition, source, rows, flip }));
  }
  return results;
}
