/** Tensors of feed-forward sublayers with a mixture of experts. */
import type { Hyperparameters } from "./hyperparameters.ts";
import type { GgufTensor } from "./reader.ts";
import type { Routing } from "./routing.ts";
import type { Linear, TensorPicker } from "./tensor-picker.ts";
import { partsOf } from "./tensor-picker.ts";

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
  const { gates, ups } = pickGatesUps();
  const downs = stacked("ffn_down_exps", routing.width, width);
  return {
    router: picker.linear(at("ffn_gate_inp"), width, experts),
    selectionBias:
      picker.optional(at("exp_probs_b.bias"), [experts]) ?? picker.optional(at("exp_probs_b"), [experts]),
    each: ups.map((up, i) => ({ gate: gates[i], up, down: downs[i]! })),
    sharedGate: picker.has(at("ffn_gate_inp_shexp.weight"))
      ? {
          weight: { ...picker.required(at("ffn_gate_inp_shexp.weight"), [width]), dims: [width, 1] },
          bias: undefined,
        }
      : undefined,
  };

  /** Some files keep each expert's gate above its up. */
  function pickGatesUps(): { gates: Linear[]; ups: Linear[] } {
    const { width: inner } = routing;
    if (family.isGated && picker.has(at("ffn_gate_up_exps.weight"))) {
      const both = picker.stacked(at("ffn_gate_up_exps"), width, 2 * inner, experts, at("ffn_up_exps"));
      const parts = both.map((one) => partsOf(one, [inner, inner]));
      return { gates: parts.map(([gate]) => gate!), ups: parts.map(([, up]) => up!) };
    }
    return {
      gates: family.isGated ? stacked("ffn_gate_exps", width, inner) : [],
      ups: stacked("ffn_up_exps", width, inner),
    };
  }
}

/** Tensors of the experts of block k that all positions go through; as wide as the file has them. */
export function pickSharedExperts(
  picker: TensorPicker,
  { width, family }: Hyperparameters,
  k: number,
): FeedForward | undefined {
  const at = (name: string): string => `blk.${k}.${name}`;
  const named = (part: string): string => at(`ffn_${part}${family.besideExperts.ending}`);
  const inner = picker.dimsOf(`${named("down")}.weight`)?.[0];
  if (inner === undefined) return undefined;
  const down = picker.linear(named("down"), inner, width);
  if (!family.isGated) return { gate: undefined, up: picker.linear(named("up"), width, inner), down };
  // Granite keeps gate and up in one tensor.
  const [gate, up] = picker.has(`${named("gate")}.weight`)
    ? ["gate", "up"].map((part) => picker.linear(named(part), width, inner))
    : picker.parts(named("up"), width, [inner, inner]);
  return { gate, up: up!, down };
}
