/** Turns the rows of a sweep into table lines as they come: a line for each row, or with several seeds one for each k. */
import type { Condition } from "../../shared/condition/condition.ts";
import { OUTCOME_MARK, rowPerK } from "../../shared/experiment/outcome.ts";
import type { SweepRow } from "../../shared/experiment/result.ts";
import type { Answers } from "./head-lines.ts";
import { outcomeRow } from "../../shared/words/answer.ts";
import type { Style } from "../style.ts";
import type { SweepLayout } from "./sweep-table.ts";
import {
  OUTCOME_WIDTH,
  fixedLogprob,
  shortNumber,
  sweepHeading,
  sweepLayout,
  sweepLine,
} from "./sweep-table.ts";
import { fitLeft, fitRight, shownText } from "../../shared/text/text-width.ts";

const GAP = "  ";
const SHARE_WIDTH = 7;
const ANSWER_WIDTH = 14;
const BAND_WIDTH = 18;
const NORM_WIDTH = 8;

/** State of one table. Rows must come ordered by k, then seed. */
export class SweepLines {
  readonly #layout: SweepLayout;
  readonly #style: Style;
  readonly #seeds: number;
  /** Rows of a k whose other seeds are still missing. */
  #open: SweepRow[] = [];

  constructor(condition: Condition, answers: Answers, blocks: number, style: Style, columns: number) {
    this.#layout = sweepLayout(answers, blocks, style, columns);
    this.#style = style;
    this.#seeds = "seeds" in condition ? condition.seeds.length : 1;
  }

  /** The line above the rows. */
  get heading(): string {
    if (this.#seeds === 1) return sweepHeading(this.#layout);
    const cells = [
      fitRight("k", this.#layout.kWidth),
      fitLeft("out", 3),
      fitLeft("seeds", SHARE_WIDTH),
      fitLeft("answer", ANSWER_WIDTH),
      fitRight(this.#layout.targetLabel.trim(), BAND_WIDTH),
      fitRight("KL", NORM_WIDTH),
      fitRight("‖Δh‖", NORM_WIDTH),
    ];
    return this.#style.faint(cells.join(GAP));
  }

  /** The lines that a row completes; none while seeds of its k are missing. */
  add(row: SweepRow): string[] {
    if (this.#seeds === 1) return [sweepLine(row, this.#layout)];
    this.#open.push(row);
    if (this.#open.length < this.#seeds) return [];
    const rows = this.#open;
    this.#open = [];
    return [this.#bandLine(rows)];
  }

  /** One k: its outcome, how many seeds share it, and the band of log p(target) from the smallest to the largest. */
  #bandLine(rows: readonly SweepRow[]): string {
    const told = rows.map(outcomeRow);
    const [{ k, outcome, answer }] = rowPerK(told) as [(typeof told)[number]];
    const share = rows.filter((row) => row.outcome === outcome).length;
    const logprobs = rows.map((row) => row.targetLogprob);
    const band = `${fixedLogprob(Math.min(...logprobs), 2)} … ${fixedLogprob(Math.max(...logprobs), 2)}`;
    const mean = (of: (row: SweepRow) => number): number =>
      rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
    const paint = (text: string): string => this.#style.outcome(outcome, text);
    return [
      fitRight(String(k), this.#layout.kWidth),
      paint(fitLeft(OUTCOME_MARK[outcome], OUTCOME_WIDTH)),
      fitLeft(`${share} of ${rows.length}`, SHARE_WIDTH),
      paint(fitLeft(shownText(answer), ANSWER_WIDTH)),
      fitRight(band, BAND_WIDTH),
      fitRight(shortNumber(mean((row) => row.klToBaseline)), NORM_WIDTH),
      fitRight(shortNumber(mean((row) => row.deltaNorm)), NORM_WIDTH),
    ].join(GAP);
  }
}
