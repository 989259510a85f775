/** Checks an experiment against the opened model before anything runs: every number in range, every width right. */
import { SwapError } from "../../shared/errors.ts";
import type { Condition, LayerRange, Prompt } from "../../shared/experiment.ts";
import { replacedPositions, sourcePositionsOf } from "../../shared/experiment.ts";
import type { DecoderInfo } from "../model/decoder.ts";

/**
 * Checks that a prompt can run.
 *
 * @param name how messages call it: `target`, `source`
 * @throws SwapError `empty-prompt`, `prompt-too-long`, `bad-token-id`
 */
export function checkPrompt(prompt: Pick<Prompt, "ids">, name: string, info: DecoderInfo): void {
  if (prompt.ids.length === 0) {
    throw new SwapError("empty-prompt", `The ${name} prompt is empty.`, "Give it at least one token.");
  }
  if (info.contextLength !== null && prompt.ids.length > info.contextLength) {
    throw new SwapError(
      "prompt-too-long",
      `The ${name} prompt has ${prompt.ids.length} tokens; the model's context is ${info.contextLength}.`,
      "Shorten the prompt, or choose a model with a longer context.",
    );
  }
  const bad = prompt.ids.find((id) => !Number.isInteger(id) || id < 0 || id >= info.vocab);
  if (bad !== undefined) {
    throw new SwapError(
      "bad-token-id",
      `Token id ${bad} in the ${name} prompt is outside the model's vocabulary.`,
      `Ids go from 0 to ${info.vocab - 1}.`,
    );
  }
}

/** @throws SwapError `bad-layer-range` */
export function checkLayers(layers: LayerRange, info: DecoderInfo): void {
  const last = info.blocks - 1;
  const bad = [layers.from, layers.to].find((k) => k < 0 || k > last);
  if (bad !== undefined) {
    throw new SwapError(
      "bad-layer-range",
      `k = ${bad} is out of range: the model has ${info.blocks} blocks.`,
      `k goes from 0 to ${last}.`,
    );
  }
  if (layers.from > layers.to) {
    throw new SwapError(
      "bad-layer-range",
      `The layer range ${layers.from}..${layers.to} is empty.`,
      "The first k must not be above the last.",
    );
  }
}

/**
 * Checks a condition's positions and vectors.
 *
 * @throws SwapError `bad-span`, `bad-vectors`
 */
export function checkCondition(
  condition: Condition,
  target: Prompt,
  source: Prompt | null,
  info: DecoderInfo,
): void {
  checkPositions(replacedPositions(condition), target, "target");
  if (source) checkPositions(sourcePositionsOf(condition), source, "source");
  if (condition.kind !== "vectors") return;
  condition.entries.forEach((entry, i) => {
    if (entry.k >= info.blocks) {
      throw new SwapError(
        "bad-vectors",
        `Entry ${i} of the vectors has k = ${entry.k}; the model has ${info.blocks} blocks.`,
        `k goes from 0 to ${info.blocks - 1}.`,
      );
    }
    if (entry.vectors.length !== entry.positions.length) {
      throw new SwapError(
        "bad-vectors",
        `Entry ${i} of the vectors (k = ${entry.k}) has ${entry.positions.length} positions but ${entry.vectors.length} vectors.`,
        "Give one vector for each position.",
      );
    }
    if (new Set(entry.positions).size !== entry.positions.length) {
      throw new SwapError(
        "bad-vectors",
        `Entry ${i} of the vectors (k = ${entry.k}) names a position twice.`,
        "Name each position once.",
      );
    }
    entry.vectors.forEach((vector, j) => {
      if (vector.length !== info.width) {
        throw new SwapError(
          "bad-vectors",
          `Vector ${j} of entry ${i} (k = ${entry.k}) has ${vector.length} numbers; the model's states have ${info.width}.`,
          "Vectors must be as wide as the model's hidden states.",
        );
      }
    });
  });
}

/** @throws SwapError `bad-span` */
export function checkPositions(
  positions: readonly number[],
  prompt: Pick<Prompt, "ids">,
  name: string,
): void {
  const bad = positions.find((position) => position < 0 || position >= prompt.ids.length);
  if (bad === undefined) return;
  throw new SwapError(
    "bad-span",
    `Position ${bad} is outside the ${name} prompt.`,
    `It has ${prompt.ids.length} tokens: positions 0 to ${prompt.ids.length - 1}.`,
  );
}
