/** Vectors: states that the user computed elsewhere; each entry gives one row at its own k. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { SwapError } from "../../errors.ts";
import type { Frozen } from "../../frozen.ts";
import type { KindDescriptor } from "../descriptor.ts";
import { entrySchema, strengthSchema } from "../parts.ts";

const schema = v.object({
  kind: v.literal("vectors"),
  entries: v.pipe(v.array(entrySchema), v.minLength(1)),
  strength: strengthSchema,
});

export type Vectors = Frozen<v.InferOutput<typeof schema>>;

export const vectors: KindDescriptor<typeof schema> = {
  kind: "vectors",
  schema,
  name: () => l10n.t("Vectors"),
  sentence: () => l10n.t("States of your own, from a file, are put in."),
  action: () => l10n.t("vectors of a file at {0}, before layer k"),
  ignored: () => l10n.t("the vectors are ignored"),
  help: "states of your own, from a file",
  paper: "no",
  takes: { places: "given", source: false, seeds: false, strength: true, numbers: [] },
  smallestK: 0,
  acts: "once",
  hasAnswer: true,
  face: { tokens: "one", blocks: "k", box: null, mark: { look: "given", path: "M4 -2l5 5l-5 5l-5 -5z" } },
  replaced: ({ entries }) => entries.flatMap(({ positions }) => positions),
  read: () => [],
  build({ strength }, { entries }) {
    if (entries.length > 0) return { kind: "vectors", entries, strength };
    throw new SwapError("bad-condition", l10n.t("No vectors are given."), { code: "choose-vectors" });
  },
};
