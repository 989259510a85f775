/** How the experts of a position are chosen and weighed. */
import { unsupported } from "./metadata-fields.ts";
import type { MetadataFields } from "./metadata-fields.ts";

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
  /**
   * Experts stand in `count` groups of neighbours, and are chosen from the `used` ones whose two best scores have the largest
   * sums (DeepSeek-V3, section 2.1.2); null: from all.
   */
  readonly groups: ExpertGroups | null;
}

/** See {@link Routing.groups}. */
export interface ExpertGroups {
  readonly count: number;
  readonly used: number;
}

/** `enum llama_expert_gating_func_type` of llama.cpp. */
const GATINGS: Readonly<Record<number, Gating>> = { 1: "softmax", 2: "sigmoid", 3: "softmax-chosen" };

/**
 * Routing as a file says it, and where it does not, as `usual` does; null without experts.
 *
 * @throws SwapError `unsupported-model` for groups that experts do not fit into, and for a gating that is not computed
 */
export function readRouting(
  fields: MetadataFields,
  usual: Pick<Routing, "gating" | "isNormalised">,
): Routing | null {
  const experts = fields.positiveOrNull("expert_count");
  if (experts === null) return null;
  const code = fields.positiveOrNull("expert_gating_func");
  const gating = code === null ? usual.gating : GATINGS[code];
  if (!gating) throw unsupported(fields.gguf, `expert gating of the kind ${code}`);
  const isNormalised = fields.raw("expert_weights_norm");
  const used = fields.positive("expert_used_count");
  return {
    experts,
    used,
    width: fields.positiveOrNull("expert_feed_forward_length") ?? fields.positive("feed_forward_length"),
    gating,
    isNormalised: typeof isNormalised === "boolean" ? isNormalised : usual.isNormalised,
    scale: fields.positiveOrNull("expert_weights_scale") ?? 1,
    groups: readGroups(fields, experts, used),
  };
}

function readGroups(fields: MetadataFields, experts: number, chosen: number): ExpertGroups | null {
  const count = fields.optional("expert_group_count") ?? 1;
  if (count <= 1) return null;
  const used = fields.positive("expert_group_used_count");
  const each = experts / count;
  if (!Number.isInteger(each) || each < 2 || used > count || chosen > used * each) {
    throw unsupported(
      fields.gguf,
      `${experts} experts in ${count} groups, ${chosen} of them from ${used} groups (expert_group_count)`,
    );
  }
  return { count, used };
}
