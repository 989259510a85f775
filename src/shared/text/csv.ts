/** CSV with the quoting of RFC 4180; lines end with a line feed, which every reader takes and pipes like. */

/** A table as CSV, header first. Numbers are written in full, null is an empty field. */
export function csvText(
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return [header, ...rows].map((row) => `${row.map(csvField).join(",")}\n`).join("");
}

function csvField(value: string | number | null): string {
  if (value === null) return "";
  const text = inertCell(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What spreadsheets take for the start of a formula. One such character alone is none, nor is a number. */
const FORMULA = /^(?![+-]?[\d.,]+$)[=+\-@\t\r]./s;

/**
 * A text that no spreadsheet runs: prompts and tokens of a session that somebody sent may be formulas. The apostrophe before
 * it is OWASP's ("CSV Injection").
 */
export function inertCell(value: string | number): string {
  return typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
}

/** The text of a cell that {@link inertCell} wrote. */
export function fromInertCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}
