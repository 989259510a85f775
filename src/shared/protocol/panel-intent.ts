/** What the side panel asks of the extension host; validated on arrival. */
import * as v from "valibot";
import { CONDITION_KINDS, ownValuesSchema } from "../condition/condition.ts";
import { MOST_SEEDS } from "../condition/condition-choice.ts";
import { MOST_ANSWER_TOKENS, MOST_CONTINUATION_TOKENS } from "../experiment/limits.ts";

const index = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Webview to host; validated on arrival. */
export const panelIntentSchema = v.variant("type", [
  v.object({ type: v.literal("ready") }),
  v.object({ type: v.literal("setLayers"), from: index, to: index }),
  v.object({
    type: v.literal("setPositions"),
    side: v.picklist(["source", "target"]),
    positions: v.array(index),
  }),
  v.object({
    type: v.literal("setCondition"),
    // What changes, not the whole choice: two changes in a row must not undo each other.
    choice: v.object({
      kind: v.exactOptional(v.picklist(CONDITION_KINDS)),
      where: v.exactOptional(v.picklist(["all-but-last", "chosen"])),
      excludeBos: v.exactOptional(v.boolean()),
      seed: v.exactOptional(index),
      seeds: v.exactOptional(v.pipe(index, v.minValue(1), v.maxValue(MOST_SEEDS))),
      strength: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
      sourceLayer: v.exactOptional(v.nullable(index)),
      numbers: v.exactOptional(ownValuesSchema),
    }),
  }),
  v.object({
    type: v.literal("setAnswers"),
    answers: v.object({
      target: v.exactOptional(v.string()),
      source: v.exactOptional(v.string()),
      scoring: v.exactOptional(v.nullable(v.picklist(["next-token", "likelihood"]))),
      tokens: v.exactOptional(v.pipe(index, v.minValue(1), v.maxValue(MOST_ANSWER_TOKENS))),
    }),
  }),
  /** Generates after the patched prompt of one k. */
  v.object({
    type: v.literal("continue"),
    k: index,
    tokens: v.pipe(index, v.minValue(1), v.maxValue(MOST_CONTINUATION_TOKENS)),
  }),
  v.object({ type: v.literal("stepTo"), k: index }),
  /** Does something to one run of the prompt, by its number. */
  v.object({
    type: v.literal("run"),
    run: index,
    action: v.picklist(["show", "pin", "unpin", "remove"]),
  }),
  /** Brings back the run that was removed last. */
  v.object({ type: v.literal("restoreRun") }),
  v.object({ type: v.literal("lockCell"), position: index, k: index }),
  v.object({ type: v.literal("unlockCell") }),
  /** Runs the locked cell by itself, for all of its answers. */
  v.object({ type: v.literal("runCell") }),
  v.object({ type: v.literal("reveal"), side: v.picklist(["source", "target"]), position: index }),
  /** Asks again what stands for the placeholders of a prompt. */
  v.object({ type: v.literal("setValues"), side: v.picklist(["source", "target"]) }),
  v.object({ type: v.literal("dismissError") }),
  /** Takes waiting work out of the queue. */
  v.object({ type: v.literal("dropWaiting"), id: index }),
  /** Shows the prompt of a row of the table, here and in its editor. */
  v.object({ type: v.literal("openRow"), id: index }),
  v.object({ type: v.literal("table"), act: v.picklist(["runRest", "copy", "save", "close"]) }),
  v.object({
    type: v.literal("command"),
    command: v.picklist([
      "runSweep",
      "runAgain",
      "runGrid",
      "runControls",
      "keepOneBos",
      "showAttention",
      "chooseVectors",
      "cancel",
      "chooseSource",
      "clearResults",
      "runDemo",
      "openSamples",
      "openWalkthrough",
      "manageTrust",
      "openPrompt",
      "saveSession",
      "exportResult",
      "selectModel",
      "setHubToken",
      "showLog",
      "restartEngine",
    ]),
  }),
]);

/** What the user did in the panel. */
export type PanelIntent = v.InferOutput<typeof panelIntentSchema>;
