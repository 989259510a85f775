/** The table of many prompts as CSV, and as tab-separated text for the clipboard: a line for each prompt. */
import type { Many, ManyRow } from "../experiment/many.ts";
import { neitherOf } from "../experiment/many.ts";
import { OUTCOME_MARK } from "../experiment/outcome.ts";
import { csvText, inertCell } from "../text/csv.ts";

const HEADER = [
  ...["place", "prompt", "target", "source", "state", "target_answer", "source_answer"],
  ...["flip_k", "layers", "first_k", "outcomes", "source_rows", "target_rows", "neither_rows", "error"],
];

/** CSV; `outcomes` is a letter for each k from `first_k` on: s, t, n. */
export function manyCsv(many: Many): string {
  return csvText(
    HEADER,
    many.rows.map((row) => valuesOf(row, many.blocks)),
  );
}

/** For spreadsheets: the same with tabs, line breaks and tabs in texts as blanks, outcomes as marks. */
export function manyTabbed(many: Many): string {
  const lines = many.rows.map((row) => {
    const marks = row.outcomes.map((outcome) => OUTCOME_MARK[outcome]).join("");
    return valuesOf(row, many.blocks).map((value, i) => (HEADER[i] === "outcomes" ? marks : value));
  });
  return [HEADER, ...lines]
    .map(
      (line) => `${line.map((value) => inertCell(value ?? "").replaceAll(/[\t\r\n]+/g, " ")).join("\t")}\n`,
    )
    .join("");
}

function valuesOf(row: ManyRow, blocks: number): (string | number | null)[] {
  const { label, prompt, target, source, state, targetAnswer, sourceAnswer, flip, outcomes, from, failure } =
    row;
  const count = (wanted: string): number => outcomes.filter((outcome) => outcome === wanted).length;
  const ran = outcomes.length > 0;
  return [
    ...[label, prompt, target, source, state, targetAnswer, sourceAnswer],
    ...[flip?.k ?? null, blocks > 0 ? blocks : null, ran ? from : null],
    outcomes.map((outcome) => outcome[0]!).join(""),
    ...(ran ? [count("source"), count("target"), neitherOf(row)] : [null, null, null]),
    failure?.message ?? null,
  ];
}
