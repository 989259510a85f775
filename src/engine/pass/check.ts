/** Checks an experiment against the opened model before anything runs: every number in range, every width right. */
import { SwapError } from "../../shared/errors.ts";
import type { Condition } from "../../shared/condition/condition.ts";
import type { GridExperiment, LayerRange, Prompt } from "../../shared/experiment/experiment.ts";
import {
  descriptorOf,
  replacedPositions,
  smallestK,
  sourcePositionsOf,
} from "../../shared/condition/condition.ts";
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

/** What of an experiment can be wrong for a model; `layers` null where no k is asked for. */
export interface CheckedParts {
  readonly target: Prompt;
  readonly source: Prompt | null;
  readonly condition: Condition;
  readonly layers: LayerRange | null;
}

/** Checks all parts of an experiment. @throws SwapError */
export function checkExperiment(
  { target, source, condition, layers }: CheckedParts,
  info: DecoderInfo,
): void {
  checkPrompt(target, "target", info);
  if (source) checkPrompt(source, "source", info);
  if (layers) {
    checkLayers(layers, info);
    checkSmallestK(condition, layers);
  }
  checkCondition(condition, target, source, info);
}

/** Checks all parts of a grid. @throws SwapError */
export function checkGrid(experiment: GridExperiment, info: DecoderInfo): void {
  const { target, source, sourcePositions, sourceLayer, targetPositions, layers } = experiment;
  checkPrompt(target, "target", info);
  checkPrompt(source, "source", info);
  checkLayers(layers, info);
  checkPositions(sourcePositions, source, "source");
  checkSourceLayer(sourceLayer, info);
  checkPositions(targetPositions, target, "target");
  checkPositions(experiment.positions ?? [], target, "target");
}

/**
 * Checks that a prompt and what follows it fit the model's context.
 *
 * @throws SwapError `prompt-too-long`
 */
export function checkContext(tokens: number, info: DecoderInfo): void {
  if (info.contextLength === null || tokens <= info.contextLength) return;
  throw new SwapError(
    "prompt-too-long",
    `Prompt and answer have ${tokens} tokens together; the model's context is ${info.contextLength}.`,
    "Shorten the prompt, or ask for fewer tokens.",
  );
}

function checkSmallestK(condition: Condition, layers: LayerRange): void {
  const least = smallestK(condition.kind);
  if (layers.from >= least) return;
  throw new SwapError(
    "bad-layer-range",
    `The condition ${condition.kind} is defined for k >= ${least}: it holds the input of block k - 1.`,
    { code: "smallest-k" },
  );
}

/** @throws SwapError `bad-layer-range` */
function checkLayers(layers: LayerRange, info: DecoderInfo): void {
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
function checkCondition(
  condition: Condition,
  target: Prompt,
  source: Prompt | null,
  info: DecoderInfo,
): void {
  checkPositions(replacedPositions(condition), target, "target");
  if (source) checkPositions(sourcePositionsOf(condition), source, "source");
  if ("over" in condition) checkPositions(condition.over, target, "target");
  if (descriptorOf(condition.kind).acts === "skips-attention") checkSkipsAttention(info);
  if ("sourceLayer" in condition) checkSourceLayer(condition.sourceLayer, info);
  if (!("entries" in condition)) return;
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

/** @throws SwapError `bad-layer-range` */
function checkSourceLayer(layer: number | null, info: DecoderInfo): void {
  if (layer === null || layer <= info.blocks) return;
  throw new SwapError(
    "bad-layer-range",
    `The source layer ${layer} is out of range: the model has ${info.blocks} blocks.`,
    `It goes from 0 (embeddings) to ${info.blocks} (output of the last block).`,
  );
}

function checkSkipsAttention({ can }: DecoderInfo): void {
  if (can.skipAttention === true) return;
  throw new SwapError(
    "unsupported-model",
    `Attention cannot be skipped in this model's file: ${can.skipAttention.reason}.`,
    "Try another export of the model, or another condition.",
  );
}

/** @throws SwapError `bad-span` */
function checkPositions(positions: readonly number[], prompt: Pick<Prompt, "ids">, name: string): void {
  const bad = positions.find((position) => position < 0 || position >= prompt.ids.length);
  if (bad === undefined) return;
  throw new SwapError(
    "bad-span",
    `Position ${bad} is outside the ${name} prompt.`,
    `It has ${prompt.ids.length} tokens: positions 0 to ${prompt.ids.length - 1}.`,
  );
}
