/** Shuffle: the coordinates of each state are permuted, at the input of block k. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { positionsOf, seedsOf } from "../condition-options.ts";
import type { KindDescriptor } from "../descriptor.ts";
import { positionsSchema, seedsSchema, strengthSchema } from "../parts.ts";

const schema = v.object({
  kind: v.literal("shuffle"),
  positions: positionsSchema,
  seeds: seedsSchema,
  strength: strengthSchema,
});

export const shuffle: KindDescriptor<typeof schema> = {
  kind: "shuffle",
  schema,
  name: () => l10n.t("Shuffle"),
  sentence: () => l10n.t("The coordinates of each state are permuted, before layer k."),
  action: () => l10n.t("shuffled coordinates at {0}, before layer k"),
  ignored: () => l10n.t("the shuffle is ignored"),
  help: "the same numbers in another order",
  paper: "yes",
  takes: { places: "rule", source: false, seeds: true, strength: true, numbers: [] },
  smallestK: 0,
  acts: "once",
  hasAnswer: false,
  face: {
    tokens: "all-but-last",
    blocks: "k",
    box: "put",
    mark: { look: "stroke", path: "M2 1L6 5M6 1L2 5" },
  },
  replaced: ({ positions }) => positions,
  read: () => [],
  build: (options, place) => ({
    kind: "shuffle",
    positions: positionsOf(options, place),
    seeds: seedsOf(options),
    strength: options.strength,
  }),
};
