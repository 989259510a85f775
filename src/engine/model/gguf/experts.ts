/** Mixture-of-experts feed-forward sublayers: how tokens are routed, and the tensors of one block's experts. */
import { unsupported } from "./metadata-fields.ts";
import type { MetadataFields } from "./metadata-fields.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import type { GgufTensor } from "./reader.ts";
import type { Linear, TensorPicker } from "./tensor-picker.ts";

/** From the router's products to the weights of experts: before the choice, or a softmax over the chosen ones alone. */
export type Gating = "softmax" | "sigmoid" | "softmax-chosen";

/** How a position's experts are chosen and weighed. */
export interface Routing {
  readonly experts: number;
  /** Experts that a position goes through. */
  readonly used: number;
  /** Width of one expert. */
  readonly width: number;
  readonly gating: Gating;
  /** Whether the weights of the chosen ones are divided by their sum. */
  readonly isNormalised: boolean;
  /** The weights are multiplied by it, last. */
  readonly scale: number;
}

/** Products of one feed-forward sublayer. */
export interface FeedForward {
  /** Undefined where the sublayer has no gate. */
  readonly gate: Linear | undefined;
  readonly up: Linear;
  readonly down: Linear;
}

/** Tensors of one block's experts. */
export interface Experts {
  /** `[experts, width]` */
  readonly router: Linear;
  /** Added for the choice, not for the weights, `[experts]`; DeepSeek-V3. */
  readonly selectionBias: GgufTensor | undefined;
  readonly each: readonly FeedForward[];
  /** What shared experts add is multiplied by its sigmoid, `[1, width]`; qwen2moe. */
  readonly sharedGate: Linear | undefined;
}

/** All products, in the order in which they run. */
export function linearsOf({ gate, up, down }: FeedForward): readonly Linear[] {
  return [...(gate ? [gate] : []), up, down];
}

/** `enum llama_expert_gating_func_type` of llama.cpp. */
const GATINGS: Readonly<Record<number, Gating>> = { 1: "softmax", 2: "sigmoid", 3: "softmax-chosen" };

/**
 * Routing as a file says it, and where it does not, as `usual` does; null without experts.
 *
 * @throws SwapError `unsupported-model` for a choice among groups of experts, and for a gating that is not computed
 */
export function readRouting(
  fields: MetadataFields,
  usual: Pick<Routing, "gating" | "isNormalised">,
): Routing | null {
  const experts = fields.positiveOrNull("expert_count");
  if (experts === null) return null;
  if ((fields.optional("expert_group_count") ?? 1) > 1)
    throw unsupported(fields.gguf, "a choice among groups of experts (expert_group_count)");
  const code = fields.positiveOrNull("expert_gating_func");
  const gating = code === null ? usual.gating : GATINGS[code];
  if (!gating) throw unsupported(fields.gguf, `expert gating of the kind ${code}`);
  const isNormalised = fields.raw("expert_weights_norm");
  return {
    experts,
    used: fields.positive("expert_used_count"),
    width: fields.positiveOrNull("expert_feed_forward_length") ?? fields.positive("feed_forward_length"),
    gating,
    isNormalised: typeof isNormalised === "boolean" ? isNormalised : usual.isNormalised,
    scale: fields.positiveOrNull("expert_weights_scale") ?? 1,
  };
}

/** Tensors of the experts of block k. */
export function pickExperts(
  picker: TensorPicker,
  { width, family }: Hyperparameters,
  routing: Routing,
  k: number,
): Experts {
  const at = (name: string): string => `blk.${k}.${name}`;
  const { experts } = routing;
  const stacked = (name: string, inputs: number, outputs: number): Linear[] =>
    picker.stacked(at(name), inputs, outputs, experts);
  const gates = family.isGated ? stacked("ffn_gate_exps", width, routing.width) : [];
  const ups = stacked("ffn_up_exps", width, routing.width);
  const downs = stacked("ffn_down_exps", routing.width, width);
  return {
    router: picker.linear(at("ffn_gate_inp"), width, experts),
    selectionBias: picker.optional(at("exp_probs_b.bias"), [experts]),
    each: ups.map((up, i) => ({ gate: gates[i], up, down: downs[i]! })),
    sharedGate: picker.has(at("ffn_gate_inp_shexp.weight"))
      ? {
          weight: { ...picker.required(at("ffn_gate_inp_shexp.weight"), [width]), dims: [width, 1] },
          bias: undefined,
        }
      : undefined,
  };
}

/** Tensors of the experts of block k that all positions go through; as wide as the file has them. */
export function pickSharedExperts(
  picker: TensorPicker,
  { width, family }: Hyperparameters,
  k: number,
): FeedForward | undefined {
  const at = (name: string): string => `blk.${k}.${name}`;
  const shared = picker.dimsOf(at("ffn_up_shexp.weight"))?.[1];
  if (shared === undefined) return undefined;
  return {
    gate: family.isGated ? picker.linear(at("ffn_gate_shexp"), width, shared) : undefined,
    up: picker.linear(at("ffn_up_shexp"), width, shared),
    down: picker.linear(at("ffn_down_shexp"), shared, width),
  };
}
