/** Makes the experiment that the options of a command ask for: prompts tokenised, spans looked up in them, answers encoded. */
import { answerRequest, namedAnswers } from "../shared/experiment/answer-choice.ts";
import { conditionOf } from "../shared/condition/condition-choice.ts";
import type { Condition } from "../shared/condition/condition.ts";
import { descriptorOf, smallestK } from "../shared/condition/condition.ts";
import { alignSpans } from "../shared/condition/span-alignment.ts";
import type { Experiment, GridExperiment, NamedAnswers } from "../shared/experiment/experiment.ts";
import { gridSource, gridTargets } from "../shared/experiment/grid-source.ts";
import type { SpanSpec } from "../shared/prompt/span-syntax.ts";
import type { Span } from "../shared/prompt/spans.ts";
import { positionsOf } from "../shared/prompt/spans.ts";
import type { OpenModel } from "./engine.ts";
import type { Messages } from "./messages.ts";
import type { OptionsOf } from "./options/commands.ts";
import type { ReadyPrompt } from "./prompts.ts";
import { readyPrompt, spanIn, startsWithBos } from "./prompts.ts";

/**
 * The experiment of a sweep.
 *
 * @throws SwapError for spans that are not there, and as `conditionOf`
 */
export async function sweepExperiment(
  options: OptionsOf<"sweep">,
  model: OpenModel,
  messages: Messages,
): Promise<Experiment> {
  const { condition: kind, layers, scoring, answerTokens, top, lens } = options;
  const { info } = model;
  const { target, source } = await promptsOf(options, model, messages);
  const readsSource = descriptorOf(kind).takes.source;
  const named = await answersOf(options, model, target);
  const answers = answerRequest(named, { scoring, tokens: answerTokens });
  return {
    target: target.prompt,
    source: readsSource ? source.prompt : null,
    condition: conditionAt(options, target, source, info.bosId, messages),
    layers: layers ?? { from: smallestK(kind), to: info.blocks - 1 },
    answers,
    top,
    lens,
  };
}

/**
 * The experiment of a grid.
 *
 * @throws SwapError for spans that are not there, and as `gridSource`
 */
export async function gridExperiment(
  options: OptionsOf<"grid">,
  model: OpenModel,
  messages: Messages,
): Promise<GridExperiment> {
  const { align, layers, sourceLayer, strength } = options;
  const { target, source } = await promptsOf(options, model, messages);
  const from = sourceSpan(options.with, target, source, messages);
  const sourcePositions = gridSource(from, align);
  const targets = options.swap.map((spec) => spanIn(target, spec, "target", "swap", messages));
  const answers = await answersOf(options, model, target);
  return {
    target: target.prompt,
    source: source.prompt,
    sourcePositions,
    sourceLayer,
    strength,
    targetPositions: gridTargets(targets, align),
    layers: layers ?? { from: 0, to: model.info.blocks - 1 },
    answers,
  };
}

/** Both prompts; the source is the target itself where no other is given. */
async function promptsOf(
  options: Pick<OptionsOf<"sweep">, "target" | "source" | "bos">,
  model: OpenModel,
  messages: Messages,
): Promise<{ readonly target: ReadyPrompt; readonly source: ReadyPrompt }> {
  const target = await readyPrompt(model, options.target, "target", options.bos, messages);
  if (options.source === null) return { target, source: target };
  return { target, source: await readyPrompt(model, options.source, "source", options.bos, messages) };
}

/**
 * Token ids of the named answers, as continuations of the target prompt; null for those not named.
 *
 * @throws SwapError `usage` for an empty answer, and for two that are the same
 */
async function answersOf(
  { targetAnswer, sourceAnswer }: Pick<OptionsOf<"sweep">, "targetAnswer" | "sourceAnswer">,
  model: OpenModel,
  { tokenization: { text: promptText } }: ReadyPrompt,
): Promise<NamedAnswers> {
  const texts = { target: targetAnswer, source: sourceAnswer };
  return namedAnswers(texts, (text) => model.request("encodeAnswer", { text, promptText }));
}

/** The condition at its tokens. */
function conditionAt(
  options: OptionsOf<"sweep">,
  target: ReadyPrompt,
  source: ReadyPrompt,
  bosId: number | null,
  messages: Messages,
): Condition {
  const { condition: kind, align, swap, positions, vectors } = options;
  const [specs, option] = descriptorOf(kind).takes.source ? [swap, "swap"] : [positions, "positions"];
  const targets = specs.map((spec) => spanIn(target, spec, "target", option, messages));
  const from = options.with && sourceSpan(options.with, target, source, messages);
  const choice = { ...options, kind, where: positions.length > 0 ? "chosen" : "all-but-last" } as const;
  return conditionOf(choice, {
    length: target.prompt.ids.length,
    startsWithBos: startsWithBos(target.prompt, bosId),
    chosen: targets.flatMap(positionsOf),
    align,
    pairs: from === null ? [] : alignSpans(targets, from, align),
    entries: vectors?.entries ?? [],
  });
}

/** The tokens that a state comes from. */
function sourceSpan(spec: SpanSpec, target: ReadyPrompt, source: ReadyPrompt, messages: Messages): Span {
  return spanIn(source, spec, source === target ? "target" : "source", "with", messages);
}
