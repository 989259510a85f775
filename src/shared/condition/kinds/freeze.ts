/** Freeze: at the inputs of all blocks from k on, each state is the unpatched input of block k - 1. Defined for k >= 1. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { positionsOf } from "../condition-options.ts";
import type { KindDescriptor } from "../descriptor.ts";
import { positionsSchema } from "../parts.ts";

const schema = v.object({ kind: v.literal("freeze"), positions: positionsSchema });

export const freeze: KindDescriptor<typeof schema> = {
  kind: "freeze",
  schema,
  name: () => l10n.t("Freeze"),
  sentence: () => l10n.t("From layer k on, each state stays the input of layer k − 1."),
  action: () => l10n.t("the input of layer k − 1 kept at {0}, from layer k on"),
  ignored: () => l10n.t("the freeze is ignored"),
  help: "the input of layer k − 1, at the inputs of all layers from k on (k ≥ 1)",
  paper: "yes",
  takes: { places: "rule", source: false, seeds: false, strength: false, numbers: [] },
  smallestK: 1,
  acts: "held",
  hasAnswer: false,
  face: {
    tokens: "all-but-last",
    blocks: "from-k",
    box: "put",
    // Down to the state that it was.
    mark: { look: "stroke", path: "M4 0v10" },
  },
  replaced: ({ positions }) => positions,
  read: () => [],
  build: (options, place) => ({ kind: "freeze", positions: positionsOf(options, place) }),
};
