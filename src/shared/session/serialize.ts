/**
 * The text of a session's file: the same for the same session, fields in a fixed order, one row, column or token list a
 * line, so that a diff shows what changed. Numbers are written so that they read back equal.
 */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { SwapError } from "../errors.ts";
import { issueText } from "../protocol/engine.ts";
import { fileOf } from "./file-form.ts";
import { sessionFileSchema } from "./file-schema.ts";
import type { Session } from "./session.ts";

/** Fields whose value goes over several lines: a field or an item a line. All others stand on one line. */
const OPEN = new Set([
  ...["model", "identity", "chosen", "targets", "pairs", "setup"],
  ...[
    "sweep",
    "baseline",
    "rows",
    "lens",
    "continuations",
    "controls",
    "grid",
    "columns",
    "attention",
    "weights",
  ],
  ...["entries", "vectors"],
]);
/** Lists whose items go over several lines too. */
const OPEN_ITEMS = new Set(["controls", "entries"]);

/**
 * @returns ends with a line break
 * @throws SwapError `internal` for numbers that are none, which no result holds
 */
export function serializeSession(session: Session): string {
  const parsed = v.safeParse(sessionFileSchema, fileOf(session));
  if (parsed.success) return `${opened(parsed.output, "", 0)}\n`;
  throw new SwapError(
    "internal",
    l10n.t("The session cannot be written: {0}", issueText(parsed.issues)),
    l10n.t("This is a defect: please report it with the log."),
  );
}

/** A value over several lines. */
function opened(value: unknown, key: string, depth: number): string {
  if (typeof value !== "object" || value === null) return flat(value);
  const indent = "  ".repeat(depth + 1);
  const end = `\n${"  ".repeat(depth)}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    const write = OPEN_ITEMS.has(key) ? opened : flat;
    return `[\n${value.map((item) => indent + write(item, key, depth + 1)).join(",\n")}${end}]`;
  }
  const fields = Object.entries(value).map(([name, field]) => {
    const text = isOpen(name, field) ? opened(field, name, depth + 1) : flat(field);
    return `${indent}${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${fields.join(",\n")}${end}}`;
}

/** Vectors make conditions long; all others fit a line. Prompts and answers have one name, spans and sources too. */
function isOpen(key: string, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (key === "condition") return "entries" in value;
  return OPEN.has(key) || ((key === "target" || key === "source") && "tokens" in value);
}

/** A value on one line. */
function flat(value: unknown): string {
  if (typeof value === "number") return numberText(value);
  if (typeof value === "string") return textText(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flat).join(", ")}]`;
  const fields = Object.entries(value).map(([name, field]) => `${textText(name)}: ${flat(field)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** Line separators of Unicode are escaped: editors take them for ends of lines. */
function textText(value: string): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (sign) =>
    sign === "\u2028" ? "\\u2028" : "\\u2029",
  );
}

/** The shortest digits that read back as the same double. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return JSON.stringify(String(value));
  return Object.is(value, -0) ? "-0" : String(value);
}
