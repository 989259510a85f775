/** The grid as a table for people: a row for each token, a column for each k, outcomes as coloured marks. */
import type { Outcome } from "../../shared/experiment/outcome.ts";
import { OUTCOME_MARK } from "../../shared/experiment/outcome.ts";
import type { GridResult } from "../../shared/experiment/result.ts";
import type { Style } from "../style.ts";
import { displayWidth, fitLeft, fitRight, shownText } from "../../shared/text/text-width.ts";

/** What the table needs of a grid: outcomes by k, then position. */
export interface GridCells {
  readonly target: Pick<GridResult["target"], "tokens" | "positions">;
  readonly layers: GridResult["layers"];
  readonly outcome: GridResult["outcome"];
}

const MOST_LABEL = 22;
const LEAST_LABEL = 12;
const MOST_ANSWERS = 6;

/** The table in lines of at most `columns` columns; a grid of too many k is continued below itself. */
export function gridLines(grid: GridCells, style: Style, columns: number): string[] {
  const labels = grid.target.tokens.map((token, p) => {
    const mark = grid.target.positions.includes(p) ? ">" : " ";
    return `${mark}@${p} ${shownText(token)}`;
  });
  const longest = Math.max(...labels.map(displayWidth));
  const count = grid.outcome.length;
  const labelWidth = Math.max(LEAST_LABEL, Math.min(MOST_LABEL, longest));
  const room = Math.max(1, columns - labelWidth - 1);
  const digits = String(grid.layers.to).length;
  // Each k gets its number where all fit, else every fifth does.
  const cellWidth = count * (digits + 1) <= room ? digits + 1 : count * 2 <= room ? 2 : 1;
  const perPart = Math.max(1, Math.floor(room / cellWidth));
  const lines: string[] = [];
  for (let start = 0; start < count; start += perPart) {
    const ks = Array.from({ length: Math.min(perPart, count - start) }, (_, i) => start + i);
    if (start > 0) lines.push("");
    lines.push(
      style.faint(
        `${fitLeft("token \\ k", labelWidth)} ${kHeading(ks, grid.layers.from, cellWidth, digits)}`,
      ),
    );
    labels.forEach((label, p) => {
      const cells = ks.map((i) => {
        const outcome = grid.outcome[i]![p]!;
        return style.outcome(outcome, fitRight(OUTCOME_MARK[outcome], cellWidth));
      });
      lines.push(`${fitLeft(label, labelWidth)} ${cells.join("")}`);
    });
  }
  return lines;
}

/** What the mark ▪ stands for: the answers that are neither, most frequent first; null when there are none. */
export function neitherLine(
  grid: Pick<GridResult, "argmax" | "outcome">,
  texts: GridResult["texts"],
): string | null {
  const counts = new Map<number, number>();
  let cells = 0;
  grid.argmax.forEach((ids, i) => {
    ids.forEach((id, p) => {
      if (grid.outcome[i]![p] !== ("neither" satisfies Outcome)) return;
      counts.set(id, (counts.get(id) ?? 0) + 1);
      cells++;
    });
  });
  if (cells === 0) return null;
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = sorted
    .slice(0, MOST_ANSWERS)
    .map(([id, n]) => `'${shownText(texts[id] ?? `id ${id}`)}' ${n}×`);
  const more = sorted.length > MOST_ANSWERS ? `, and ${sorted.length - MOST_ANSWERS} more` : "";
  return `neither (${OUTCOME_MARK.neither}) in ${cells} cells: ${shown.join(", ")}${more}`;
}

function kHeading(indices: readonly number[], from: number, cellWidth: number, digits: number): string {
  if (cellWidth > digits) return indices.map((i) => fitRight(String(from + i), cellWidth)).join("");
  // A number ends above its own column and takes the room of those before it.
  let heading = "";
  indices.forEach((i, column) => {
    const k = from + i;
    const end = (column + 1) * cellWidth;
    const text = String(k);
    if (k % 5 === 0 && heading.length + text.length <= end)
      heading = heading.padEnd(end - text.length) + text;
  });
  return heading;
}
