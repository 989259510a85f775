/** Two sessions of one prompt, the second minus the first: by position and k. */
import * as l10n from "@vscode/l10n";
import type { Answers, LayerRange } from "../experiment/experiment.ts";
import type { MetricField } from "../experiment/metrics.ts";
import type { Session, SessionGrid } from "./session.ts";

/** Difference of two grids over the k that both have. */
export interface GridDifference {
  /** What the numbers are: the logit difference where every shared cell has one in both, else log p(target). */
  readonly measure: Extract<MetricField, "logitDifference" | "targetLogprob">;
  readonly layers: LayerRange;
  /** `[positions][k - layers.from]`, second minus first; null where one of the two was not run. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Whether answer or outcome differs, by the same indices; false where one of the two was not run. */
  readonly changed: readonly (readonly boolean[])[];
  /** Largest finite |value|; 0 when all are equal. */
  readonly extent: number;
}

/** What two sessions of one prompt have in both. */
export interface DifferenceMap {
  /** Null when one of the two has no grid, or they share no k. */
  readonly grid: GridDifference | null;
  /** Why a part is missing, or what to mind, in sentences. */
  readonly notes: readonly string[];
}

type Cell = readonly [SessionGrid, SessionGrid, position: number, k: number];

/** Null when the two are not of the same prompt: the target's token ids differ. */
export function differenceMap(a: Session, b: Session): DifferenceMap | null {
  if (a.target.tokenization.ids.join() !== b.target.tokenization.ids.join()) return null;
  const grid = a.grid && b.grid && gridDifference(a.grid, b.grid);
  const notes: string[] = [];
  if (!a.grid || !b.grid) notes.push(l10n.t("There is no map: not both of them have a grid."));
  else if (!grid) notes.push(l10n.t("There is no map: the grids have no k in common."));
  const [first, second] = grid ? [a.grid.answers, b.grid.answers] : [a.sweep?.answers, b.sweep?.answers];
  if (first && second && answerIds(first) !== answerIds(second)) {
    notes.push(l10n.t("They have other answers: each one’s numbers measure its own."));
  }
  return { grid, notes };
}

function answerIds({ target, source }: Answers): string {
  return JSON.stringify([target.ids, source?.ids]);
}

function gridDifference(a: SessionGrid, b: SessionGrid): GridDifference | null {
  const layers = {
    from: Math.max(a.layers.from, b.layers.from),
    to: Math.min(a.layers.to, b.layers.to),
  };
  if (layers.from > layers.to) return null;
  const ks = Array.from({ length: layers.to - layers.from + 1 }, (_, i) => layers.from + i);
  const map = <T>(value: (cell: Cell) => T): T[][] =>
    a.columns.map((_, position) => ks.map((k) => value([a, b, position, k])));
  const isInBoth = ([first, second, position]: Cell): boolean =>
    Boolean(first.columns[position] && second.columns[position]);
  const logits = map((cell) => !isInBoth(cell) || valueOf(cell, "logitDifference") !== null).flat();
  const measure = logits.every(Boolean) ? "logitDifference" : "targetLogprob";
  const values = map((cell) => valueOf(cell, measure));
  const sizes = values.flat().map((value) => Math.abs(value ?? 0));
  return {
    measure,
    layers,
    values,
    changed: map((cell) => isInBoth(cell) && (differs(cell, "argmax") || differs(cell, "outcome"))),
    extent: sizes.reduce((most, size) => (Number.isFinite(size) ? Math.max(most, size) : most), 0),
  };
}

/** Second minus first; null where one of the two has no value. */
function valueOf([a, b, position, k]: Cell, field: GridDifference["measure"]): number | null {
  return minus(
    b.columns[position]?.[field][k - b.layers.from] ?? null,
    a.columns[position]?.[field][k - a.layers.from] ?? null,
  );
}

function differs([a, b, position, k]: Cell, field: "argmax" | "outcome"): boolean {
  const first = a.columns[position]?.[field][k - a.layers.from];
  return first !== b.columns[position]?.[field][k - b.layers.from];
}

/** Equal infinities differ by nothing. */
function minus(b: number | null, a: number | null): number | null {
  if (a === null || b === null) return null;
  return a === b ? 0 : b - a;
}
