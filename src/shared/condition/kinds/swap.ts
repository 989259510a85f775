/**
 * Swap ("information injection" in the paper's code): the source run's state, put at the target positions at the input of
 * block k, once; later blocks evolve naturally.
 */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { SwapError } from "../../errors.ts";
import type { Frozen } from "../../frozen.ts";
import { isLeftOut } from "../condition-options.ts";
import type { KindDescriptor } from "../descriptor.ts";
import { alignmentSchema, pairSchema, sourceLayerSchema, strengthSchema } from "../parts.ts";

const schema = v.object({
  kind: v.literal("swap"),
  align: v.nullable(alignmentSchema),
  pairs: v.pipe(v.array(pairSchema), v.minLength(1)),
  sourceLayer: sourceLayerSchema,
  strength: strengthSchema,
});

export type Swap = Frozen<v.InferOutput<typeof schema>>;

export const swap: KindDescriptor<typeof schema> = {
  kind: "swap",
  schema,
  name: () => l10n.t("Swap"),
  sentence: () => l10n.t("The state of a source token is put over the chosen tokens, before layer k."),
  action: () => l10n.t("{1} → {0}, before layer k"),
  ignored: () => l10n.t("the swap is ignored"),
  help: "a state of the source prompt",
  paper: 'yes ("information injection")',
  takes: { places: "chosen", source: true, seeds: false, strength: true, numbers: [] },
  smallestK: 0,
  acts: "once",
  hasAnswer: true,
  face: { tokens: "one", blocks: "k", box: null, mark: { look: "source", path: "M4 -2l5 5l-5 5l-5 -5z" } },
  replaced: ({ pairs }) => pairs.map(({ target }) => target),
  read: ({ pairs }) => pairs.flatMap(({ source }) => source),
  build(options, place) {
    const { align } = place;
    const { sourceLayer, strength } = options;
    const pairs = place.pairs.filter(({ target }) => !isLeftOut(target, options, place));
    if (pairs.length > 0) return { kind: "swap", align, pairs, sourceLayer, strength };
    throw new SwapError("bad-condition", l10n.t("A swap needs a token to replace."), {
      code: "choose-targets",
    });
  },
};
