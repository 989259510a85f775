/** One swap over many prompts: a row for each, as the panel's table and its exports show it. */
import type { ErrorData } from "../errors.ts";
import type { Flip, Outcome } from "./outcome.ts";

/** How far a row is. */
export type ManyRowState = "waiting" | "running" | "complete" | "failed" | "cancelled";

/** One prompt's result in few values. */
export interface ManyRow {
  readonly id: number;
  /** Where the prompt stands, for people: `capitals.txt:3`. */
  readonly label: string;
  readonly prompt: string;
  /** Text of the replaced tokens; empty where they could not be found. */
  readonly target: string;
  /** Text of the tokens that are put in. */
  readonly source: string;
  readonly state: ManyRowState;
  /** Why it failed. */
  readonly failure: ErrorData | null;
  /** What the prompt answers unpatched, and what the put-in state gives; empty while unknown. */
  readonly targetAnswer: string;
  readonly sourceAnswer: string;
  /** By k, from `from` on; as far as they have come. */
  readonly outcomes: readonly Outcome[];
  readonly from: number;
  readonly flip: Flip | null;
}

/** All of them. */
export interface Many {
  readonly rows: readonly ManyRow[];
  /** Blocks of the model; 0 while unknown. */
  readonly blocks: number;
}

/** How many rows of a prompt answered neither. */
export function neitherOf({ outcomes }: Pick<ManyRow, "outcomes">): number {
  return outcomes.filter((outcome) => outcome === "neither").length;
}

/** What a table is sorted by. */
export type ManyColumn = "prompt" | "answer" | "layers" | "flip" | "neither";

/** Rows by a column; those without a value, such as failed ones, come last either way. Equal rows stay in their order. */
export function sortedRows(
  rows: readonly ManyRow[],
  column: ManyColumn,
  descending: boolean,
): readonly ManyRow[] {
  const sign = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: valueOf(row, column) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      if (typeof a.value === "number" && typeof b.value === "number") return sign * (a.value - b.value);
      return sign * String(a.value).localeCompare(String(b.value));
    })
    .map(({ row }) => row);
}

function valueOf(row: ManyRow, column: ManyColumn): string | number | null {
  const ran = row.outcomes.length > 0;
  switch (column) {
    case "prompt":
      return (row.target || row.prompt).trim();
    case "answer":
      return ran ? row.targetAnswer.trim() : null;
    case "layers":
      return ran ? row.outcomes.filter((outcome) => outcome === "source").length / row.outcomes.length : null;
    case "flip":
      return row.flip?.k ?? null;
    case "neither":
      return ran ? neitherOf(row) : null;
  }
}
