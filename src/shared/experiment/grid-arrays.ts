/** A grid's numbers in both of their orders: by position, as they stream out, and by block, as results store them. */
import type { LayerRange } from "./experiment.ts";
import type { GridColumn, GridResult } from "./result.ts";

/** The arrays of a result, `[k - layers.from][position]`. */
export type GridArrays = Pick<
  GridResult,
  | "argmax"
  | "outcome"
  | "logitDifference"
  | "targetLogprob"
  | "sourceLogprob"
  | "rankOfTarget"
  | "klToBaseline"
>;

/** @param columns one for each position from 0 on, each over all k of `layers` */
export function gridArrays(columns: readonly GridColumn[], layers: LayerRange): GridArrays {
  const byK = <T>(values: (column: GridColumn) => readonly T[]): readonly (readonly T[])[] =>
    Array.from({ length: layers.to - layers.from + 1 }, (_, i) =>
      columns.map((column) => values(column)[i]!),
    );
  const hasKl = columns.every(({ klToBaseline }) => klToBaseline);
  return {
    argmax: byK((column) => column.argmax),
    outcome: byK((column) => column.outcome),
    logitDifference: byK((column) => column.logitDifference),
    targetLogprob: byK((column) => column.targetLogprob),
    sourceLogprob: byK((column) => column.sourceLogprob),
    rankOfTarget: byK((column) => column.rankOfTarget),
    ...(hasKl && { klToBaseline: byK((column) => column.klToBaseline!) }),
  };
}
