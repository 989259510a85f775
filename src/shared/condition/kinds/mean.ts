/** Mean: each state becomes the mean of the unpatched inputs of block k over positions of the same prompt. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { SwapError } from "../../errors.ts";
import { allButLast, positionsOf } from "../condition-options.ts";
import type { KindDescriptor } from "../descriptor.ts";
import { positionsSchema, strengthSchema } from "../parts.ts";

const schema = v.object({
  kind: v.literal("mean"),
  positions: positionsSchema,
  /** What the mean is taken over. */
  over: positionsSchema,
  strength: strengthSchema,
});

export const mean: KindDescriptor<typeof schema> = {
  kind: "mean",
  schema,
  name: () => l10n.t("Mean"),
  sentence: () => l10n.t("Each state becomes the mean of the prompt’s states, before layer k."),
  action: () => l10n.t("the mean of the prompt’s states at {0}, before layer k"),
  ignored: () => l10n.t("the mean is ignored"),
  help: "the mean of the prompt's states",
  paper: "no, a standard ablation",
  takes: { places: "rule", source: false, seeds: false, strength: true, numbers: [] },
  smallestK: 0,
  acts: "once",
  hasAnswer: false,
  face: { tokens: "all-but-last", blocks: "k", box: "put", mark: { look: "stroke", path: "M1.5 3H6.5" } },
  replaced: ({ positions }) => positions,
  read: () => [],
  build(options, place) {
    const over = allButLast(options, place);
    const positions = positionsOf(options, place);
    if (over.length > 0) return { kind: "mean", positions, over, strength: options.strength };
    throw new SwapError(
      "bad-span",
      l10n.t("The prompt has no token to take a mean over."),
      l10n.t("Lengthen the prompt."),
    );
  },
};
