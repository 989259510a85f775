/** Finds the tensors of a decoder by what its family declares, checks their shapes and types, and refuses files with tensors left over. */
import type { Experts, FeedForward } from "./experts.ts";
import { linearsOf, pickExperts, pickSharedExperts } from "./experts.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { isRotated } from "./hyperparameters.ts";
import type { LatentWeights } from "./latent.ts";
import { pickLatent } from "./latent.ts";
import type { GgufFile, GgufTensor } from "./reader.ts";
import type { Linear, Norm } from "./tensor-picker.ts";
import { TensorPicker } from "./tensor-picker.ts";

/** Tensors of one block; norms are undefined where the family has none. */
export interface BlockWeights {
  /** 0-based. */
  readonly k: number;
  readonly attentionNorm: Norm | undefined;
  readonly attentionPostNorm: Norm | undefined;
  readonly query: Linear;
  /** In latent attention to the vector that keys and values come of and, behind it, the part of keys that is rotated. */
  readonly key: Linear;
  /** In latent attention of that vector; in old files each head's part of keys that is not rotated, then its values. */
  readonly value: Linear;
  readonly latent: LatentWeights | undefined;
  /** Norm of queries over each head, `[headWidth]` or `[headWidth, heads]`, or over all of them, `[heads * headWidth]`. */
  readonly queryNorm: Norm | undefined;
  readonly keyNorm: Norm | undefined;
  /** A score of each head that takes part in its softmax, `[heads]`; gpt-oss. */
  readonly sinks: GgufTensor | undefined;
  /** The sigmoid of its product multiplies what attention puts out, each number or each head. */
  readonly attentionGate: Linear | undefined;
  readonly output: Linear;
  readonly feedForwardNorm: Norm | undefined;
  readonly feedForwardPostNorm: Norm | undefined;
  /** What all positions go through; beside experts the shared ones. */
  readonly feedForward: FeedForward | undefined;
  readonly experts: Experts | undefined;
  /** Of the block's input, where experts read that beside the sublayers; Arctic. */
  readonly expertsNorm: Norm | undefined;
}

/** Products of the graph of attention weights: in latent attention keys and values are made together. */
export function scoreProductsOf({ query, key, value, latent }: BlockWeights): readonly Linear[] {
  if (!latent) return [query, key];
  return [...(latent.query ? [latent.query.down] : []), query, key, value];
}

/** All products of a block, in the order in which they run. */
export function productsOf(block: BlockWeights): readonly Linear[] {
  const { query, key, value, output, latent, attentionGate, feedForward, experts } = block;
  return [
    ...(latent?.query ? [latent.query.down] : []),
    ...[query, key, value],
    ...(attentionGate ? [attentionGate] : []),
    output,
    ...(feedForward ? linearsOf(feedForward) : []),
    ...(experts
      ? [
          experts.router,
          ...(experts.sharedGate ? [experts.sharedGate] : []),
          ...experts.each.flatMap(linearsOf),
        ]
      : []),
  ];
}

/** Tensors of a decoder. */
export interface DecoderWeights {
  readonly embedding: GgufTensor;
  /** Of the embedding's rows; bloom. */
  readonly embeddingNorm: Norm | undefined;
  /** Learned positions, `[width, positions]`; gpt2. */
  readonly positions: GgufTensor | undefined;
  readonly blocks: readonly BlockWeights[];
  readonly finalNorm: Norm;
  readonly head: Linear;
  /** Whether the head is the embedding. */
  readonly tied: boolean;
  /** Divisors of the rope frequencies, `[ropeWidth / 2]`: Llama 3.1 and later; LongRoPE has others for long prompts. */
  readonly ropeDivisors: { readonly short: GgufTensor; readonly long: GgufTensor } | undefined;
}

const BARE_NORM: Norm = { weight: undefined, bias: undefined };

/**
 * Collects the tensors.
 *
 * @throws SwapError `not-a-decoder` (one is missing), `unsupported-tensor-type`, `unsupported-model` (a shape that does
 *   not fit, or tensors that the known architecture has no place for)
 */
export function collectWeights(gguf: GgufFile, shape: Hyperparameters): DecoderWeights {
  const picker = new TensorPicker(gguf);
  const { family, width, headWidth, feedForwardWidth, vocab } = shape;
  const queryWidth = shape.heads * headWidth;
  const keyWidth = shape.keyValueHeads * headWidth;
  const embedding = picker.required("token_embd.weight", [width, vocab]);
  const tied = !gguf.tensors.has("output.weight");
  const blocks = Array.from({ length: shape.blocks }, (_, k): BlockWeights => {
    const at = (name: string): string => `blk.${k}.${name}`;
    const norm = (name: string | null): Norm | undefined => {
      if (name === null) return undefined;
      return family.hasNormWeights ? picker.norm(at(name), width) : BARE_NORM;
    };
    const linears = (fused: string | null, names: readonly string[], outputs: readonly number[]): Linear[] =>
      fused === null
        ? names.map((name, i) => picker.linear(at(name), width, outputs[i]!))
        : picker.parts(at(fused), width, outputs);
    const plain = (): Pick<BlockWeights, "query" | "key" | "value" | "latent"> => {
      const fused = gguf.tensors.has(at("attn_qkv.weight")) ? "attn_qkv" : family.fused.attention;
      const names = ["attn_q", "attn_k", "attn_v"];
      const outputs = [queryWidth, keyWidth, keyWidth];
      const picked = linears(fused, names, outputs);
      // Old files keep three biases beside one tensor of weights.
      const [query, key, value] = picked.map((linear, i) =>
        fused === null || linear.bias
          ? linear
          : { ...linear, bias: picker.optional(at(`${names[i]!}.bias`), [outputs[i]!]) },
      );
      return { query: query!, key: key!, value: value!, latent: undefined };
    };
    const dense = (): FeedForward => {
      const [first, second] = linears(
        family.fused.feedForward,
        family.isGated ? ["ffn_gate", "ffn_up"] : ["ffn_up"],
        family.isGated ? [feedForwardWidth, feedForwardWidth] : [feedForwardWidth],
      );
      const down = picker.linear(at("ffn_down"), feedForwardWidth, width);
      return second ? { gate: first, up: second, down } : { gate: undefined, up: first!, down };
    };
    // A block without a router is dense, as the first ones of some families are.
    const isRouted = shape.experts !== null && picker.has(at("ffn_gate_inp.weight"));
    return {
      k,
      attentionNorm: norm(family.attentionNorms.before),
      attentionPostNorm: norm(family.attentionNorms.after),
      ...(shape.latent ? pickLatent(picker, shape, shape.latent, k) : plain()),
      queryNorm: headNorm(k, "attn_q_norm", shape.heads),
      keyNorm: headNorm(k, "attn_k_norm", shape.keyValueHeads),
      sinks: picker.optional(at("attn_sinks.weight"), [shape.heads]),
      attentionGate: attentionGate(k),
      output: picker.linear(at("attn_output"), shape.heads * shape.valueWidth, width),
      feedForwardNorm: norm(family.feedForwardNorms.before),
      feedForwardPostNorm: norm(family.feedForwardNorms.after),
      feedForward: isRouted ? pickSharedExperts(picker, shape, k) : dense(),
      experts: isRouted ? pickExperts(picker, shape, shape.experts, k) : undefined,
      expertsNorm: picker.optionalNorm(at("ffn_norm_exps"), width),
    };
  });
  function headNorm(k: number, name: string, heads: number): Norm | undefined {
    const own = picker.headNorm(`blk.${k}.${name}`, headWidth, heads);
    return family.hasBareHeadNorms && isRotated(shape, k) ? BARE_NORM : own;
  }
  function attentionGate(k: number): Linear | undefined {
    if (!family.hasAttentionGate) return undefined;
    const name = `blk.${k}.attn_gate`;
    const outputs = picker.dimsOf(`${name}.weight`)?.[1];
    return picker.linear(name, width, outputs === shape.heads ? outputs : shape.heads * shape.valueWidth);
  }
  const positions = gguf.tensors.get("position_embd.weight")?.dims[1];
  const weights = {
    embedding,
    embeddingNorm: picker.optionalNorm("token_embd_norm", width),
    positions:
      positions === undefined ? undefined : picker.required("position_embd.weight", [width, positions]),
    blocks,
    finalNorm: family.hasNormWeights ? picker.norm("output_norm", width) : BARE_NORM,
    head: tied ? { weight: embedding, bias: undefined } : picker.linear("output", width, vocab),
    tied,
    ropeDivisors: ropeDivisors(picker, shape),
  };
  picker.refuseLeftovers({ from: shape.blocks, to: shape.blocks + shape.predictors });
  return weights;
}

function ropeDivisors(picker: TensorPicker, shape: Hyperparameters): DecoderWeights["ropeDivisors"] {
  const dims = [shape.ropeWidth / 2];
  if (shape.longRopeFrom !== null) {
    return {
      short: picker.required("rope_factors_short.weight", dims),
      long: picker.required("rope_factors_long.weight", dims),
    };
  }
  const always = picker.optional("rope_freqs.weight", dims);
  return always && { short: always, long: always };
}
