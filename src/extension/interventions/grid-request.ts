/** What is asked of the engine for a grid, or for the part of it that was chosen. */
import type { Alignment } from "../../shared/condition/parts.ts";
import type { LayerRange, NamedAnswers } from "../../shared/experiment/experiment.ts";
import { promptOf } from "../../shared/experiment/experiment.ts";
import { gridSource, gridTargets } from "../../shared/experiment/grid-source.ts";
import type { Params } from "../../shared/protocol/engine.ts";
import type { Intervention, Source } from "./records.ts";

/** How much of a grid is run; what is left out is all of it. */
export interface GridChoice {
  /** How a source of several tokens becomes one state. */
  readonly align: Alignment | null;
  /** Tokens that the state is put over. */
  readonly positions?: readonly number[];
  /** Range of k; the range of the next run without one. */
  readonly layers?: LayerRange;
}

/**
 * The request.
 *
 * @throws SwapError `span-lengths-differ` as `gridSource`
 */
export function gridParams(
  { target, targets, setup }: Pick<Intervention, "target" | "targets" | "setup">,
  source: Source,
  { align, positions }: GridChoice,
  layers: LayerRange,
  answers: NamedAnswers,
): Params<"grid"> {
  const { sourceLayer, strength } = setup.choice;
  return {
    target: promptOf(target.tokenization),
    source: promptOf(source.read.tokenization),
    sourcePositions: gridSource(source.span, align),
    sourceLayer,
    strength,
    targetPositions: gridTargets(targets, align),
    ...(positions && { positions }),
    layers,
    answers,
  };
}
