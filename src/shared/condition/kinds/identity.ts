/** Identity: each state is replaced by itself. A control: it must change nothing. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { positionsOf } from "../condition-options.ts";
import type { KindDescriptor } from "../descriptor.ts";
import { circle } from "../diagram-face.ts";
import { positionsSchema } from "../parts.ts";

const schema = v.object({ kind: v.literal("identity"), positions: positionsSchema });

export const identity: KindDescriptor<typeof schema> = {
  kind: "identity",
  schema,
  name: () => l10n.t("Identity"),
  sentence: () => l10n.t("Each state is replaced by itself, before layer k: a control."),
  action: () => l10n.t("the same state again at {0}, before layer k"),
  ignored: () => l10n.t("the same states are put in"),
  help: "the same state",
  paper: "no, a control: must change nothing",
  takes: { places: "rule", source: false, seeds: false, strength: false, numbers: [] },
  smallestK: 0,
  acts: "once",
  hasAnswer: false,
  face: { tokens: "all-but-last", blocks: "k", box: "plain", mark: { look: "ring", path: circle(4, 3, 2) } },
  changesNothing: () => true,
  replaced: ({ positions }) => positions,
  read: () => [],
  build: (options, place) => ({ kind: "identity", positions: positionsOf(options, place) }),
};
