/** Zero: each state becomes zero, at the input of block k. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { positionsOf } from "../condition-options.ts";
import type { KindDescriptor } from "../descriptor.ts";
import { positionsSchema, strengthSchema } from "../parts.ts";

const schema = v.object({ kind: v.literal("zero"), positions: positionsSchema, strength: strengthSchema });

export const zero: KindDescriptor<typeof schema> = {
  kind: "zero",
  schema,
  name: () => l10n.t("Zero"),
  sentence: () => l10n.t("Each state becomes zero, before layer k."),
  action: () => l10n.t("zeros at {0}, before layer k"),
  ignored: () => l10n.t("the zeros are ignored"),
  help: "zeros",
  paper: "no, a standard ablation",
  takes: { places: "rule", source: false, seeds: false, strength: true, numbers: [] },
  smallestK: 0,
  acts: "once",
  hasAnswer: false,
  face: { tokens: "all-but-last", blocks: "k", box: "hole", mark: null },
  replaced: ({ positions }) => positions,
  read: () => [],
  build: (options, place) => ({
    kind: "zero",
    positions: positionsOf(options, place),
    strength: options.strength,
  }),
};
