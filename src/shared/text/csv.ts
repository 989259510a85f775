/** CSV with the quoting of RFC 4180; lines end with a line feed, which every reader takes and pipes like. */

/** A table as CSV, header first. Numbers are written in full, null is an empty field. */
export function csvText(
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return [header, ...rows].map((row) => `${row.map(csvField).join(",")}\n`).join("");
}

/**
 * What a spreadsheet would compute: a call, a link to a program or another sheet. Tokens such as `=`, `-1` and `+ b` are none, and
 * stay what they are for programs that read the file.
 */
const FORMULA = /^[=+\-@\t\r][^]*[(|!]/;

function csvField(value: string | number | null): string {
  if (value === null) return "";
  const whole = String(value);
  const text = FORMULA.test(whole) ? `'${whole}` : whole;
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
