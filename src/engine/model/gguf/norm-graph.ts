/** Norms in a stage's graph. */
import type { Hyperparameters } from "./hyperparameters.ts";
import type { GgufTensor } from "./reader.ts";
import type { StageGraph } from "./stage-graph.ts";
import type { Norm } from "./tensor-picker.ts";
import { elementCount } from "./tensor-source.ts";

/** The family's norm over the last axis; the value itself where there is none. */
export function addNorm(
  graph: StageGraph,
  shape: Hyperparameters,
  x: string,
  norm: Norm | undefined,
): string {
  if (!norm) return x;
  const { weight, bias } = norm;
  const scale = weight ? graph.vector(weight) : addOnes(graph, shape.width);
  return addScaledNorm(graph, shape, x, scale, bias && graph.vector(bias));
}

/**
 * Norm of queries or keys over each head or over all of them, where the file has one.
 *
 * @param x `[B, T, heads * headWidth]`
 */
export function addHeadNorm(
  graph: StageGraph,
  shape: Hyperparameters,
  x: string,
  heads: number,
  norm: Norm | undefined,
): string {
  const { headWidth } = shape;
  if (!norm) return x;
  const { weight } = norm;
  const isSpread = weight?.dims.length === 1 && weight.dims[0] === heads * headWidth;
  if (isSpread) return addNorm(graph, shape, x, norm);
  const perHead = graph.node("Reshape", [x, graph.integers([0, 0, heads, headWidth])]);
  const bare = (): string => addScaledNorm(graph, shape, perHead, addOnes(graph, headWidth), undefined);
  const own = (of: GgufTensor): string =>
    elementCount(of) === headWidth
      ? addNorm(graph, shape, perHead, norm)
      : graph.node("Mul", [
          bare(),
          graph.constant("head_weights", graph.source.floats(of), [heads, headWidth]),
        ]);
  const normed = weight ? own(weight) : bare();
  return graph.node("Reshape", [normed, graph.integers([0, 0, heads * headWidth])]);
}

function addScaledNorm(
  graph: StageGraph,
  { family, normEpsilon }: Hyperparameters,
  x: string,
  scale: string,
  bias: string | undefined,
): string {
  const epsilon = { float: normEpsilon };
  if (family.norm === "layer") {
    return graph.node("LayerNormalization", [x, scale, ...(bias === undefined ? [] : [bias])], {
      axis: -1,
      epsilon,
    });
  }
  return graph.node("SimplifiedLayerNormalization", [x, scale], { axis: -1, epsilon, stash_type: 1 });
}

function addOnes(graph: StageGraph, width: number): string {
  return graph.once(`ones ${width}`, () => graph.constant("ones", new Float32Array(width).fill(1), [width]));
}
