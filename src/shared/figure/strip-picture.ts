/** The sweep as a picture: a cell for each k, the log-probabilities of both answers under it, the flip. */
import * as l10n from "@vscode/l10n";
import { answerNames } from "./grid-cells.ts";
import type { Outcome } from "../experiment/outcome.ts";
import { OUTCOME_LETTER, rowPerK } from "../experiment/outcome.ts";
import { answerOf, outcomeName, outcomeRow } from "../words/answer.ts";
import type { PanelState, PanelSweep } from "../protocol/panel.ts";
import type { SweepRow } from "../experiment/result.ts";
import { shownText } from "../text/text-width.ts";
import type { Columns } from "./axis.ts";
import { blockAxis, cellWidth } from "./axis.ts";
import type { Caption } from "./caption.ts";
import { captionBlock, captioned } from "./caption.ts";
import { curveBlock } from "./curve-picture.ts";
import { outcomeLegend } from "./legend.ts";
import type { Look } from "./look.ts";
import { inkOn, outcomeFill } from "./look.ts";
import type { Picture } from "./svg.ts";
import { box, element, textAt, tooltip } from "./svg.ts";

const MARGIN = 16;
const GUTTER = 124;
const RIGHT = 52;
const STRIP = 26;
const CURVE = 96;
const LEAST_WIDTH = 520;

/** Heights of cells as in the panel, and widths of a seed's stripe: a shape besides the colour. */
const HEIGHT: Readonly<Record<Outcome, number>> = { source: 1, target: 0.73, neither: 0.5 };
const STRIPE: Readonly<Record<Outcome, number>> = { source: 1, target: 0.78, neither: 0.5 };

/** @param panel of a session that has a sweep */
export function stripPicture(
  panel: Pick<PanelState, "grid" | "model"> & { readonly sweep: PanelSweep },
  caption: Caption,
  look: Look,
): Picture {
  const { sweep } = panel;
  const blocks = Math.max(panel.model.blocks, sweep.layers.to + 1);
  const columns: Columns = { left: MARGIN + GUTTER, cell: cellWidth(blocks, 600, 8, 40) };
  const plotWidth = blocks * columns.cell;
  const width = Math.max(LEAST_WIDTH, columns.left + plotWidth + RIGHT + MARGIN);
  const inner = width - 2 * MARGIN;
  const names = answerNames(panel);
  const head = captionBlock(caption, MARGIN, MARGIN, inner, look);
  const stripTop = MARGIN + head.height + 16;
  const curveTop = stripTop + STRIP + 16;
  const axis = blockAxis({ from: 0, to: blocks - 1 }, columns, curveTop + CURVE, look);
  const legendTop = curveTop + CURVE + axis.height + 10;
  const legend = outcomeLegend(names, MARGIN, legendTop, inner, look, "strip");
  const body = [
    ...head.parts,
    textAt(columns.left - 10, stripTop + 17, l10n.t("answer"), { "text-anchor": "end", "font-size": 11 }),
    element(
      "g",
      { id: "strip", "shape-rendering": "crispEdges" },
      ...stripCells(sweep, blocks, columns, stripTop, look),
    ),
    ...curveBlock(sweep, names, columns, { top: curveTop, height: CURVE, width: plotWidth }, look),
    ...flipMark(sweep, columns, stripTop, curveTop + CURVE, look),
    ...axis.parts,
    ...legend.parts,
  ];
  return captioned(caption, look, { width, height: legendTop + legend.height + MARGIN, body });
}

function stripCells(sweep: PanelSweep, blocks: number, columns: Columns, top: number, look: Look): string[] {
  return Array.from({ length: blocks }, (_, k) => {
    const rows = sweep.rows.filter((row) => row.k === k);
    const isOutside = k < sweep.layers.from || k > sweep.layers.to;
    const x = columns.left + k * columns.cell;
    const title = tooltip(cellTitle(k, rows, isOutside));
    const width = columns.cell - 1;
    const content =
      rows.length === 0
        ? [emptyCell(x, top, width, isOutside, look)]
        : rows.length === 1
          ? oneCell(rows, x, top, width, look)
          : seedStripes(rows, x, top, width, look);
    return element("g", { class: "cell", id: `k${k}` }, title, ...content);
  });
}

function emptyCell(x: number, top: number, width: number, isOutside: boolean, look: Look): string {
  if (isOutside) return box(x, top + STRIP - 2, width, 2, look.faint);
  return element("rect", {
    x: x + 0.5,
    y: top + 0.5,
    width: width - 1,
    height: STRIP - 1,
    fill: "none",
    stroke: look.faint,
  });
}

function oneCell(rows: readonly SweepRow[], x: number, top: number, width: number, look: Look): string[] {
  const { outcome } = rowPerK(rows.map(outcomeRow))[0]!;
  const fill = outcomeFill(outcome, look);
  const height = Math.round(STRIP * HEIGHT[outcome]);
  const y = top + STRIP - height;
  const letter = textAt(x + width / 2, y + height / 2 + 3.5, OUTCOME_LETTER[outcome], {
    "font-size": 10,
    "font-weight": "bold",
    "text-anchor": "middle",
    fill: inkOn(fill),
  });
  return [box(x, y, width, height, fill), ...(width >= 7 ? [letter] : [])];
}

function seedStripes(rows: readonly SweepRow[], x: number, top: number, width: number, look: Look): string[] {
  const height = STRIP / rows.length;
  const gap = height >= 3 ? 1 : 0;
  return rows.map(({ outcome }, i) =>
    box(x, top + i * height, width * STRIPE[outcome], height - gap, outcomeFill(outcome, look)),
  );
}

function flipMark({ flip }: PanelSweep, columns: Columns, top: number, bottom: number, look: Look): string[] {
  if (!flip) return [];
  const x = columns.left + flip.k * columns.cell - 0.5;
  const line = { x1: x, x2: x, y1: top - 4, y2: bottom, stroke: look.text, "stroke-dasharray": "4 2" };
  // Beside the line where there is room for the words.
  const isRight = flip.k * columns.cell < 90;
  return [
    element("line", line),
    textAt(isRight ? x + 5 : x - 5, bottom - 6, l10n.t("flip at {0} of {1}", flip.k, flip.of), {
      "font-size": 11,
      "font-weight": "bold",
      "text-anchor": isRight ? "start" : "end",
      stroke: look.ground,
      "stroke-width": 3,
      "paint-order": "stroke",
    }),
  ];
}

function cellTitle(k: number, rows: readonly SweepRow[], isOutside: boolean): string {
  if (rows.length === 0) return `k = ${k}: ${isOutside ? l10n.t("outside the range") : l10n.t("not run")}`;
  const said = rows.map((row) => {
    const seed = row.seed === undefined ? "" : `${l10n.t("seed {0}", row.seed)}: `;
    return `${seed}${shownText(answerOf(row))} (${outcomeName(row.outcome)})`;
  });
  return `k = ${k}: ${said.join(", ")}`;
}
