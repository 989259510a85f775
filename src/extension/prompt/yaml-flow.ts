/** What a plain or quoted string of YAML stands for: line breaks folded, escapes resolved, with the place of every character. */
import type { CST } from "yaml";
import type { PromptText } from "./prompt-text.ts";
import { PromptTextBuilder } from "./prompt-text.ts";
import { linesOf } from "./yaml-block.ts";

/** How the string is written, as the parser names it. */
type FlowStyle = CST.FlowScalar["type"];

/** YAML 1.2, 5.7; what begins with x, u and U is a code point. */
const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};

/**
 * One line break is a blank, n of them are n - 1 line breaks; blanks around them go. In double quotes a backslash before
 * the break joins the lines.
 *
 * @param raw the content, quotes left out
 */
export function flowText(raw: string, style: FlowStyle): PromptText {
  const isDouble = style === "double-quoted-scalar";
  const lines = linesOf(raw);
  const builder = new PromptTextBuilder();
  let breaks = 0;
  let written = 0;
  let joins = false;
  lines.forEach((line, i) => {
    const isLast = i === lines.length - 1;
    if (i > 0) breaks++;
    const start =
      i > 0 ? line.start + /^[ \t]*/.exec(raw.slice(line.start, line.end))![0].length : line.start;
    let end = isLast ? line.end : line.start + raw.slice(line.start, line.end).replace(/[ \t]+$/, "").length;
    end = Math.max(start, end);
    if (start === end && i > 0 && !isLast) return;
    if (breaks > 0) builder.addFor(breaks > 1 ? "\n".repeat(breaks - 1) : joins ? "" : " ", written, start);
    joins = false;
    if (isDouble && !isLast && /(?:^|[^\\])(?:\\\\)*\\$/.test(raw.slice(start, end))) {
      // The backslash escapes the blank behind it, or else the line break.
      if (end < line.end) end++;
      else joins = true;
    }
    addLine(builder, raw, start, joins ? end - 1 : end, style);
    [breaks, written] = [0, end];
  });
  return builder.build(raw);
}

function addLine(
  builder: PromptTextBuilder,
  raw: string,
  start: number,
  end: number,
  style: FlowStyle,
): void {
  for (let at = start; at < end;) {
    if (style === "single-quoted-scalar" && raw.startsWith("''", at)) {
      builder.addFor("'", at, at + 2);
      at += 2;
    } else if (style === "double-quoted-scalar" && raw[at] === "\\") {
      const length = addEscape(builder, raw, at);
      at += length;
    } else {
      builder.addSame(raw[at]!, at);
      at++;
    }
  }
}

/** @returns how long it is; one that YAML does not know stays as it is written */
function addEscape(builder: PromptTextBuilder, raw: string, at: number): number {
  const code = /^\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/.exec(raw.slice(at, at + 10));
  const value = code ? parseInt(code[1] ?? code[2] ?? code[3]!, 16) : Infinity;
  if (code && value <= 0x10ffff) {
    builder.addFor(String.fromCodePoint(value), at, at + code[0].length);
    return code[0].length;
  }
  const known = ESCAPES[raw[at + 1] ?? ""];
  if (known === undefined) {
    builder.addSame("\\", at);
    return 1;
  }
  builder.addFor(known, at, at + 2);
  return 2;
}
