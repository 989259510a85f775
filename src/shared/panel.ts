/**
 * What the extension host and the side panel say to each other. The host owns results and sends complete snapshots,
 * never deltas: a message lost while the view was hidden costs nothing. The webview sends intents and keeps only
 * scroll, hover and fold.
 */
import * as v from "valibot";
import type { ErrorData } from "./errors.ts";
import type { Answer, LayerRange } from "./experiment.ts";
import type { Flip } from "./outcome.ts";
import type { GridColumn, SweepRow, TopToken } from "./result.ts";
import type { Token } from "./tokens.ts";

/** The model as the panel names it. */
export interface PanelModel {
  readonly name: string;
  /** Numeric mode; empty while no model is open. */
  readonly numeric: string;
  /** Number of blocks; 0 while unknown. */
  readonly blocks: number;
  /** A short tag such as `demonstration model`, with its sentence of explanation; null for ordinary models. */
  readonly tag: { readonly label: string; readonly description: string } | null;
  readonly status: "closed" | "opening" | "ready" | "failed";
}

/** A tokenised prompt as chips. */
export interface PanelPrompt {
  /** Where the prompt stands, for people: `capitals.prompt.txt:3`. */
  readonly label: string;
  readonly tokens: readonly Token[];
  /** Chosen positions: replaced (target) or read (source). */
  readonly positions: readonly number[];
  /** Positions that the editor's selection covers right now: pointed at, not chosen. */
  readonly selected?: readonly number[];
}

/** A sweep, complete or still streaming; rows ordered by k. */
export interface PanelSweep {
  readonly layers: LayerRange;
  readonly rows: readonly SweepRow[];
  readonly baseline: readonly TopToken[];
  readonly answers: { readonly target: Answer; readonly source: Answer | null } | null;
  readonly flip: Flip | null;
  /** One sentence on what the rows show. */
  readonly verdict: string;
  readonly complete: boolean;
  /** Null while fresh; else why the result no longer stands ("The prompt was edited."). */
  readonly stale: string | null;
  readonly runMs: number | null;
}

/** A grid, complete or still streaming. `columns[p]` is position p over all k of `layers`; null where not run yet. */
export interface PanelGrid {
  readonly layers: LayerRange;
  readonly columns: readonly (GridColumn | null)[];
  /** Decoded text of token ids in the columns. */
  readonly texts: Readonly<Record<string, string>>;
  readonly complete: boolean;
  readonly stale: string | null;
}

/** Work in progress. */
export interface PanelProgress {
  readonly label: string;
  readonly done: number;
  /** 0 when the end is not known. */
  readonly total: number;
  readonly cancellable: boolean;
}

/** The whole panel. Every message carries all of it. */
export interface PanelState {
  readonly model: PanelModel;
  readonly source: PanelPrompt | null;
  readonly target: PanelPrompt | null;
  /** The state in words: "state of '␣Italy' @2 → '␣France' @21, before block k"; empty when nothing is chosen. */
  readonly sentence: string;
  /** Range of k that the next run takes. */
  readonly layers: LayerRange;
  readonly sweep: PanelSweep | null;
  readonly grid: PanelGrid | null;
  /** The k whose answers are shown, stepped through by commands too; null before a result. */
  readonly k: number | null;
  /** The locked cell of the grid. */
  readonly cell: { readonly position: number; readonly k: number } | null;
  readonly progress: PanelProgress | null;
  readonly error: ErrorData | null;
  /** True when the shown result was stored beforehand and no model has run yet. */
  readonly stored: boolean;
}

/** Host to webview. */
export interface PanelMessage {
  readonly type: "state";
  readonly state: PanelState;
}

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
  v.object({ type: v.literal("stepTo"), k: index }),
  v.object({ type: v.literal("lockCell"), position: index, k: index }),
  v.object({ type: v.literal("unlockCell") }),
  v.object({ type: v.literal("reveal"), side: v.picklist(["source", "target"]), position: index }),
  v.object({ type: v.literal("dismissError") }),
  v.object({
    type: v.literal("command"),
    command: v.picklist([
      "runSweep",
      "runGrid",
      "cancel",
      "chooseSource",
      "clearResults",
      "runDemo",
      "openPrompt",
      "selectModel",
      "showLog",
      "restartEngine",
    ]),
  }),
]);

/** What the user did in the panel. */
export type PanelIntent = v.InferOutput<typeof panelIntentSchema>;
