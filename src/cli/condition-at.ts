/** Makes the condition that a command line asks for: looks its spans up in the prompts. */
import type { Condition } from "../shared/condition/condition.ts";
import type { ConditionPlace } from "../shared/condition/condition-options.ts";
import { conditionOf } from "../shared/condition/condition-choice.ts";
import type { Experiment } from "../shared/experiment/experiment.ts";
import { alignSpans } from "../shared/condition/span-alignment.ts";
import { positionsOf } from "../shared/prompt/spans.ts";
import type { ConditionInput } from "./options/condition-options.ts";
import type { Messages } from "./messages.ts";
import type { ReadyPrompt } from "./prompts.ts";
import { spanIn } from "./prompts.ts";

/**
 * The condition at its tokens.
 *
 * @param source the prompt that the state comes from; null: the target prompt itself
 * @param bosId id of the model's beginning-of-sequence token
 * @throws SwapError as `conditionOf`, and for spans that are not there
 */
export function conditionFor(
  input: ConditionInput,
  target: ReadyPrompt,
  source: ReadyPrompt | null,
  bosId: number | null,
  messages: Messages,
): Condition {
  const option = input.choice.kind === "swap" ? "swap" : "positions";
  const targets = input.targets.map((spec) => spanIn(target, spec, "target", option, messages));
  const place: ConditionPlace = {
    length: target.prompt.ids.length,
    startsWithBos: startsWithBos(target.prompt, bosId),
    chosen: targets.flatMap(positionsOf),
    align: input.align,
    pairs: [],
    entries: input.entries,
  };
  if (input.source === null) return conditionOf(input.choice, place);
  const side = source === null || source === target ? "target" : "source";
  const from = spanIn(source ?? target, input.source, side, "with", messages);
  return conditionOf(input.choice, { ...place, pairs: alignSpans(targets, from, input.align) });
}

/** Whether position 0 of a prompt is a beginning-of-sequence token, whoever put it there. */
export function startsWithBos({ ids }: Pick<Experiment["target"], "ids">, bosId: number | null): boolean {
  return bosId !== null && ids[0] === bosId;
}
