/** Random: each state becomes Gaussian noise of the same L2 norm, at the input of block k. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import type { Frozen } from "../../frozen.ts";
import { positionsOf, seedsOf } from "../condition-options.ts";
import type { KindDescriptor } from "../descriptor.ts";
import { circle } from "../diagram-face.ts";
import { positionsSchema, seedsSchema, strengthSchema } from "../parts.ts";

const schema = v.object({
  kind: v.literal("random"),
  positions: positionsSchema,
  seeds: seedsSchema,
  strength: strengthSchema,
});

export type Random = Frozen<v.InferOutput<typeof schema>>;

const DOTS = [1.5, 4, 6.5].flatMap((x, i) =>
  [1.3, 3.9].map((y, j) => circle(x, y + ((i + j) % 2) * 0.8, 0.9)),
);

export const random: KindDescriptor<typeof schema> = {
  kind: "random",
  schema,
  name: () => l10n.t("Random"),
  sentence: () => l10n.t("Each state becomes Gaussian noise of the same length, before layer k."),
  action: () => l10n.t("noise of the same length at {0}, before layer k"),
  ignored: () => l10n.t("the noise is ignored"),
  help: "Gaussian noise of the same length",
  paper: "yes",
  takes: { places: "rule", source: false, seeds: true, strength: true, numbers: [] },
  smallestK: 0,
  acts: "once",
  hasAnswer: false,
  face: { tokens: "all-but-last", blocks: "k", box: "put", mark: { look: "dots", path: DOTS.join("") } },
  replaced: ({ positions }) => positions,
  read: () => [],
  build: (options, place) => ({
    kind: "random",
    positions: positionsOf(options, place),
    seeds: seedsOf(options),
    strength: options.strength,
  }),
};
