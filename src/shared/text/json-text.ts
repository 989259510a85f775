/** JSON that people can read in a diff: indented, but short lists and objects on one line. */

const MOST_COLUMNS = 110;

/** Serialises plain data. Lists of numbers stay on one line whatever their length. */
export function jsonText(value: unknown): string {
  return `${format(value, 0)}\n`;
}

function format(value: unknown, depth: number): string {
  const flat = JSON.stringify(value);
  if (typeof value !== "object" || value === null || fitsOneLine(value, flat, depth)) return flat;
  const indent = "  ".repeat(depth + 1);
  const end = `\n${"  ".repeat(depth)}`;
  if (Array.isArray(value)) {
    const items = value.map((item) => indent + format(item, depth + 1));
    return `[\n${items.join(",\n")}${end}]`;
  }
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([key, field]) => `${indent}${JSON.stringify(key)}: ${format(field, depth + 1)}`);
  return `{\n${fields.join(",\n")}${end}}`;
}

function fitsOneLine(value: object, flat: string, depth: number): boolean {
  if (Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null)) return true;
  return flat.length + 2 * depth <= MOST_COLUMNS;
}
