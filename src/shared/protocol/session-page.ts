/**
 * What the extension host and the editors of sessions say to each other: the editor of one session, and the tab that
 * compares two. The host sends complete views; the pages keep only what is looked at (k, cell, metric, scroll).
 */
import * as v from "valibot";
import type { ErrorData } from "../errors.ts";
import type { LayerRange } from "../experiment/experiment.ts";
import type { PanelProgress, PanelState } from "./panel.ts";

/** A session as a page shows it. */
export interface SessionSide {
  /** Name of the file. */
  readonly file: string;
  /** Null when the file cannot be shown. */
  readonly panel: PanelState | null;
  /** Model, hash, date, version; for people. */
  readonly facts: readonly string[];
  /** What is wrong with the file, and where; null when it is sound. */
  readonly damage: Pick<ErrorData, "message" | "hint"> | null;
}

/** One value that a run gave differently. */
export interface DifferenceLine {
  /** For example `sweep, k = 12` or `grid, ␣France @21, k = 17`. */
  readonly place: string;
  /** For example `outcome` or `log p(target)`. */
  readonly quantity: string;
  readonly stored: string;
  readonly now: string;
}

/** What running a session again showed. */
export interface RerunView {
  /** One sentence, such as `Nothing differs beyond 1e-3.` */
  readonly summary: string;
  readonly isSame: boolean;
  readonly lines: readonly DifferenceLine[];
  /** Differences that are not among the lines. */
  readonly more: number;
}

/** The editor of one session. */
export interface SessionView extends SessionSide {
  readonly rerun: RerunView | null;
  readonly progress: PanelProgress | null;
  readonly error: ErrorData | null;
}

/** A map of what differs between two grids: second minus first. */
export interface DifferenceView {
  /** What the cells' numbers are, for people. */
  readonly quantity: string;
  /** The answer that positive numbers speak for. */
  readonly towards: "source" | "target";
  readonly layers: LayerRange;
  /** `[positions][k - layers.from]`; null where one of the two has no value. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Cells whose answer differs, by the same indices. */
  readonly changed: readonly (readonly boolean[])[];
  /** Largest |value|: the end of the colour scale. */
  readonly extent: number;
}

/** Two sessions side by side. */
export interface ComparisonView {
  /** Addresses of the files, kept by the page for after a reload of the window. */
  readonly files: readonly [string, string];
  readonly sides: readonly [SessionSide, SessionSide];
  /** What each side is called: `A (Swap)`, of two swaps `A (◆ Italy)`. */
  readonly names: readonly [string, string];
  readonly map: DifferenceView | null;
  /** The finding first: whether the prompt is the same, where each flips, which k differ. */
  readonly finding: string;
  /** What the two were asked differently, in sentences; why there is no map, where there is none. */
  readonly notes: readonly string[];
}

/** Host to a session's page. */
export type SessionMessage =
  | { readonly type: "session"; readonly view: SessionView }
  | { readonly type: "comparison"; readonly view: ComparisonView };

/** A session's page to the host; validated on arrival. */
export const sessionIntentSchema = v.variant("type", [
  v.object({ type: v.literal("ready") }),
  v.object({
    type: v.literal("command"),
    command: v.picklist(["openAsText", "runAgain", "cancel", "saveResult", "dismissResult", "showLog"]),
  }),
  v.object({ type: v.literal("openSideAsText"), side: v.picklist([0, 1]) }),
]);

/** What the user did in a session's page. */
export type SessionIntent = v.InferOutput<typeof sessionIntentSchema>;
