/** What a picture's colours and shapes mean. */
import * as l10n from "@vscode/l10n";
import { RANK_FULL, divergingColor } from "./color-scale.ts";
import { signedText } from "../text/format.ts";
import type { AnswerNames, Metric } from "./grid-cells.ts";
import { METRICS } from "../experiment/metrics.ts";
import type { Outcome } from "../experiment/outcome.ts";
import { OUTCOME_MARK } from "../experiment/outcome.ts";
import { outcomeName } from "../words/answer.ts";
import { cutToWidth, displayWidth, withoutControls } from "../text/text-width.ts";
import type { Block } from "./caption.ts";
import { SANS } from "./caption.ts";
import type { Look } from "./look.ts";
import { amountFill, differenceFill, inkOn, outcomeCellFill, outcomeFill, rankFill, solid } from "./look.ts";
import { box, textAt } from "./svg.ts";

const OUTCOMES: readonly Outcome[] = ["source", "target", "neither"];
const SIZE = 11;
const STOPS = 24;
const MOST_NAME = 24;

/** Outcomes with shape and answer, wrapped to `width`. `place` tells the strip's full colours from the heatmap's. */
export function outcomeLegend(
  names: AnswerNames,
  x: number,
  top: number,
  width: number,
  look: Look,
  place: "strip" | "heatmap",
): Block {
  const parts: string[] = [];
  let left = x;
  let row = 0;
  for (const outcome of OUTCOMES) {
    const fill = place === "strip" ? outcomeFill(outcome, look) : outcomeCellFill(outcome, look);
    const name =
      outcome === "neither" || names[outcome] === outcomeName(outcome)
        ? ""
        : ` ${cutToWidth(withoutControls(names[outcome]), MOST_NAME)}`;
    const text = `${OUTCOME_MARK[outcome]} ${outcomeName(outcome)}${name}`;
    const length = 20 + displayWidth(text) * SIZE * SANS + 14;
    if (left > x && left + length > x + width) {
      left = x;
      row++;
    }
    const y = top + row * 18;
    parts.push(
      box(left, y, 14, 14, fill),
      textAt(left + 7, y + 10.5, OUTCOME_MARK[outcome], {
        "font-size": 10,
        "font-weight": "bold",
        "text-anchor": "middle",
        fill: inkOn(fill),
      }),
      textAt(left + 20, y + 11, text, { "font-size": SIZE }),
    );
    left += length;
  }
  return { parts, height: (row + 1) * 18 };
}

/** The bar of a metric that is a number, with its ends. */
export function scaleLegend(
  metric: Exclude<Metric, "outcome">,
  extent: number,
  names: AnswerNames,
  x: number,
  top: number,
  look: Look,
): Block {
  const { title, low, high } = ends(metric, extent, names);
  const fillAt = (share: number): string => {
    if (metric === "rank") return rankFill(RANK_FULL ** share, look);
    if (metric === "kl") return amountFill(share, look);
    if (look.kind === "print") return differenceFill(2 * share - 1, look);
    return solid(divergingColor(2 * share - 1, look.palette), look.palette.background);
  };
  const from = x + displayWidth(low) * SIZE * SANS + 8;
  const bar = Array.from({ length: STOPS }, (_, i) =>
    box(from + i * 5, top + 18, 5, 12, fillAt(i / (STOPS - 1))),
  );
  return {
    parts: [
      textAt(x, top + 11, title, { "font-size": SIZE }),
      textAt(x, top + 28, low, { "font-size": SIZE }),
      ...bar,
      textAt(from + STOPS * 5 + 8, top + 28, high, { "font-size": SIZE }),
    ],
    height: 36,
  };
}

function ends(
  metric: Exclude<Metric, "outcome">,
  extent: number,
  names: AnswerNames,
): { title: string; low: string; high: string } {
  const source = cutToWidth(withoutControls(names.source), MOST_NAME);
  const target = cutToWidth(withoutControls(names.target), MOST_NAME);
  switch (metric) {
    case "probability":
      return { title: `p(${source}) − p(${target})`, low: `★ ${target} −1`, high: `◆ ${source} +1` };
    case "logits":
      return {
        title: l10n.t("logit({0}) − logit({1})", source, target),
        low: `★ ${target} ${signedText(-extent)}`,
        high: `◆ ${source} ${signedText(extent)}`,
      };
    case "rank":
      return { title: l10n.t("Rank of {0}", target), low: "1", high: l10n.t("{0} and beyond", RANK_FULL) };
    case "kl":
      return {
        title: METRICS.klToBaseline.shown.name(),
        low: "0",
        high: l10n.t("{0} nats", METRICS.klToBaseline.shown.write(extent)),
      };
  }
}
