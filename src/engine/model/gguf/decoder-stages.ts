/** A decoder's stages as plans: what each of its sessions computes, the weights that it holds, and what those take. */
import { addBlock, addHead } from "./block-graph.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { addKeyValue } from "./key-value-graph.ts";
import { residentBytes } from "./packing.ts";
import type { GgufTensor } from "./reader.ts";
import type { StagePlan } from "./stage-session.ts";
import type { Linear } from "./tensor-picker.ts";
import { elementCount } from "./tensor-source.ts";
import type { DecoderWeights } from "./weights.ts";
import { productsOf } from "./weights.ts";

/** In the order in which a prompt climbs them. */
export interface DecoderStages {
  /** By k. */
  readonly blocks: readonly StagePlan[];
  readonly head: StagePlan;
  /** Keys and values alone, by k: only freeze needs them. */
  readonly keyValues: readonly StagePlan[];
}

/** Plans the stages of a decoder; nothing is read yet. */
export function decoderStages(shape: Hyperparameters, weights: DecoderWeights): DecoderStages {
  const blocks = weights.blocks.map((block, k): StagePlan => {
    // Kept as float32, beside the packed products (latent-graph.ts).
    const turned = block.latent?.key;
    return {
      what: `block ${k}`,
      place: k,
      ...sizesOf(productsOf(block), turned ? [turned] : []),
      build: (graph) => {
        addBlock(graph, shape, block);
      },
      kept: "next",
    };
  });
  const keyValues = weights.blocks.map((block, k): StagePlan => ({
    what: `keys and values of block ${k}`,
    place: k,
    ...sizesOf([block.key, block.value], block.latent?.key ? [block.latent.key] : []),
    build: (graph) => {
      addKeyValue(graph, shape, block);
    },
  }));
  const head: StagePlan = {
    what: "the head",
    place: shape.blocks,
    ...sizesOf([weights.head], []),
    build: (graph) => {
      addHead(graph, shape, weights.finalNorm, weights.head);
    },
  };
  return { blocks, head, keyValues };
}

/** Bytes of a whole decoder's weights in memory. */
export function weightBytes({ blocks, head }: DecoderStages): number {
  return [...blocks, head].reduce((sum, { bytes }) => sum + bytes, 0);
}

function sizesOf(
  linears: readonly Linear[],
  floats: readonly GgufTensor[],
): Pick<StagePlan, "linears" | "bytes" | "readBytes"> {
  const tensors = linears.map(({ weight }) => weight);
  const packed = tensors.reduce((sum, tensor) => sum + residentBytes(tensor.type, elementCount(tensor)), 0);
  return {
    linears,
    bytes: floats.reduce((sum, tensor) => sum + 4 * elementCount(tensor), packed),
    readBytes: [...tensors, ...floats].reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
