/** What the webview itself owns: scroll, folds, chosen metric and view; kept by the host across hiding. */
import type { Metric } from "../../src/shared/figure/grid-cells.ts";
import { metricNames } from "../../src/shared/figure/grid-cells.ts";
import type { CurveMetric } from "../figures/curve-metric.ts";
import { CURVE_METRICS } from "../figures/curve-metric.ts";

/** Parts that open for a change and are closed else. */
export type Drawer = "conditions" | "answers";

/** Sections of the panel that fold. */
export type SectionId = "prompts" | "layers" | "grid" | "answers" | "controls";

/** Everything that survives hiding the view. */
export interface UiState {
  readonly version: 1;
  /** Scroll of the whole panel and of the heatmap, CSS pixels. */
  readonly scrollTop: number;
  readonly gridScrollTop: number;
  readonly metric: Metric;
  /** What the curve under the strip shows. */
  readonly curve: CurveMetric;
  readonly drawers: readonly Drawer[];
  /** Whether the set-up is open; null: until the first result. */
  readonly setup: boolean | null;
  readonly gridView: "canvas" | "table";
  readonly showBaseline: boolean;
  /** Whether a cell was locked once: how to is not said again. */
  readonly knowsCells: boolean;
  /** Whether attention stands under the tokens, where it was asked for. */
  readonly attention: boolean;
  /** Sections that are closed. */
  readonly closed: readonly SectionId[];
  /** Long prompts that are shown whole. */
  readonly unfolded: readonly ("source" | "target")[];
}

/** The state of a panel that was never touched. */
export const INITIAL_UI_STATE: UiState = {
  version: 1,
  scrollTop: 0,
  gridScrollTop: 0,
  metric: "outcome",
  curve: "difference",
  drawers: [],
  setup: null,
  gridView: "canvas",
  showBaseline: false,
  knowsCells: false,
  attention: true,
  closed: [],
  unfolded: [],
};

/** Reads a kept state; anything of another version or shape gives the initial one. */
export function readUiState(kept: unknown): UiState {
  if (typeof kept !== "object" || kept === null) return INITIAL_UI_STATE;
  const state = { ...INITIAL_UI_STATE, ...kept } as UiState;
  const sound =
    (state.version as number) === 1 &&
    Number.isFinite(state.scrollTop) &&
    Number.isFinite(state.gridScrollTop) &&
    metricNames().some(([metric]) => metric === state.metric) &&
    state.curve in CURVE_METRICS &&
    Array.isArray(state.drawers) &&
    (state.setup === null || typeof state.setup === "boolean") &&
    (["canvas", "table"] as string[]).includes(state.gridView) &&
    Array.isArray(state.closed) &&
    Array.isArray(state.unfolded);
  return sound ? state : INITIAL_UI_STATE;
}

/** Adds an item to a list or takes it out. */
export function toggled<T>(list: readonly T[], item: T): readonly T[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}
