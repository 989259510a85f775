/** Angle: each state becomes a random vector at a given angle to it, of the same L2 norm, at the input of block k. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { positionsOf, seedsOf } from "../condition-options.ts";
import type { KindDescriptor } from "../descriptor.ts";
import type { OwnNumber } from "../own-number.ts";
import { numberSchema, valueIn } from "../own-number.ts";
import { positionsSchema, seedsSchema, strengthSchema } from "../parts.ts";

const ANGLE: OwnNumber = {
  key: "angle",
  least: 0,
  most: 180,
  initial: 90,
  unit: "°",
  help: "degrees between the state and what is put in",
  name: () => l10n.t("Angle"),
  said: (degrees) => l10n.t("{0}° from the state", degrees),
};

const schema = v.object({
  kind: v.literal("angle"),
  positions: positionsSchema,
  /** In degrees: 0 the state itself, 90 a vector orthogonal to it, 180 its opposite. */
  angle: numberSchema(ANGLE),
  seeds: seedsSchema,
  strength: strengthSchema,
});

export const angle: KindDescriptor<typeof schema> = {
  kind: "angle",
  schema,
  name: () => l10n.t("Angle"),
  sentence: () =>
    l10n.t("Each state becomes a random vector of the same length at an angle to it, before layer k."),
  action: () => l10n.t("a random vector of the same length at {0}, before layer k"),
  ignored: () => l10n.t("the random vector is ignored"),
  help: "a random vector of the same length, at an angle to the state",
  paper: "no, but in the first upload of its code",
  takes: { places: "rule", source: false, seeds: true, strength: true, numbers: [ANGLE] },
  smallestK: 0,
  acts: "once",
  hasAnswer: false,
  face: {
    tokens: "all-but-last",
    blocks: "k",
    box: "put",
    // Two directions from one point.
    mark: { look: "stroke", path: "M7 5H1.5L6 1" },
  },
  changesNothing: (condition) => condition.angle === 0,
  replaced: ({ positions }) => positions,
  read: () => [],
  build: (options, place) => ({
    kind: "angle",
    positions: positionsOf(options, place),
    angle: valueIn(options.numbers, ANGLE),
    seeds: seedsOf(options),
    strength: options.strength,
  }),
};
