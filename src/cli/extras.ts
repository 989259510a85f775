/** What a sweep can bring beside its rows: logit lens, attention, continuations, controls. */
import { SwapError } from "../shared/errors.ts";
import type { Experiment, RowKey } from "../shared/experiment/experiment.ts";
import { controlsOf } from "../shared/experiment/controls.ts";
import type { ModelInfo, Reply, SweepReply } from "../shared/protocol/engine.ts";
import type { AnsweredSweep, Continuations, Control } from "../shared/experiment/run.ts";
import type { BosPolicy } from "../shared/prompt/tokens.ts";
import type { BesideOptions } from "./options/beside-options.ts";
import type { OpenModel } from "./engine.ts";
import type { Messages } from "./messages.ts";
import { readyPrompt } from "./prompts.ts";

/** A sweep that has run, with all that was asked for. */
export interface RanSweep extends Pick<SweepReply, "timing"> {
  readonly sweep: AnsweredSweep;
  /** `[blocks][positions]`; null when it was not asked for. */
  readonly attention: Reply<"attention">["weights"] | null;
}

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
): Promise<RanSweep> {
  const { timing, ...found } = reply;
  if (options.attention) messages.progress("attention");
  const attention = options.attention
    ? (await model.request("attention", { ids: experiment.target.ids })).weights
    : null;
  const sweep = {
    ...found,
    state: "complete",
    layers: experiment.layers,
    runMs: timing.runMs,
    continuations:
      options.continuation === null
        ? null
        : await continuations(experiment, reply, options.continuation, model, messages),
    controls: options.controls
      ? await controls(experiment, reply, options.unrelated, bos, model, messages)
      : null,
  } as const;
  messages.endProgress();
  return { sweep, attention, timing };
}

async function continuations(
  { target, source, condition }: Experiment,
  { rows }: SweepReply,
  tokens: number,
  model: OpenModel,
  messages: Messages,
): Promise<Continuations> {
  messages.progress("continuations");
  const keys = rows.map(({ k, seed }): RowKey => ({ k, seed: seed ?? null }));
  const reply = await model.request(
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
  return { ...reply, tokens };
}

async function controls(
  experiment: Experiment,
  reply: SweepReply,
  unrelatedText: string,
  bos: BosPolicy,
  model: OpenModel,
  messages: Messages,
): Promise<Control[]> {
  const input = { kind: "text" as const, text: unrelatedText, file: null };
  const unrelated = await readyPrompt(model, input, "source", bos, messages);
  const plans = controlsOf(experiment.condition, unrelated.prompt.ids.length);
  if (plans.length === 0) {
    messages.note("Skip attention replaces no states: it has no controls.");
  }
  const results: Control[] = [];
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
    results.push({ name, condition, source, state: "complete", rows, flip });
  }
  return results;
}
