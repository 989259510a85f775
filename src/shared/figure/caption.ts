/** The words around a picture: what was run on what, and what it showed. */
import { displayWidth } from "../text/text-width.ts";
import type { Look } from "./look.ts";
import type { Picture } from "./svg.ts";
import { textAt } from "./svg.ts";

/** What a picture says in words; control characters are shown already. */
export interface Caption {
  /** What was put where. */
  readonly title: string;
  /** Prompt, source prompt, model, condition, convention, one a line. */
  readonly facts: readonly string[];
  /** One sentence on the result; empty without a sweep. */
  readonly verdict: string;
}

/** Drawn text and the room that it takes, CSS pixels. */
export interface Block {
  readonly parts: readonly string[];
  readonly height: number;
}

/** A picture that says its caption to those who do not see it, in the colours of its look. */
export function captioned(
  { title, facts, verdict }: Caption,
  { ground, text }: Look,
  drawn: Pick<Picture, "width" | "height" | "body">,
): Picture {
  return {
    ...drawn,
    title,
    description: [...facts, verdict].join("\n"),
    background: ground,
    foreground: text,
  };
}

const LINE = 17;
/** Advance of a column of text in a font of 1 px: wide enough for the widest sans serif fonts in use. */
export const SANS = 0.6;
/** The same for monospaced fonts. */
export const MONO = 0.62;
/** Facts such as a long prompt stop after so many lines. */
const MOST_LINES = 6;

/** Title, facts and verdict from `top` on, wrapped to `width`. */
export function captionBlock(
  { title, facts, verdict }: Caption,
  x: number,
  top: number,
  width: number,
  look: Look,
): Block {
  const rows = [
    ...wrapped(title, Math.floor(width / (13 * (SANS + 0.03)))).map((text) => ({
      text,
      attributes: { "font-size": 13, "font-weight": "bold" },
    })),
    ...facts.flatMap((fact) =>
      limited(wrapped(fact, Math.floor(width / (11 * SANS)))).map((text) => ({
        text,
        attributes: { "font-size": 11, fill: look.dim },
      })),
    ),
    ...wrapped(verdict, Math.floor(width / (12 * SANS))).map((text) => ({ text, attributes: {} })),
  ];
  return {
    parts: rows.map(({ text, attributes }, i) => textAt(x, top + 13 + i * LINE, text, attributes)),
    height: rows.length * LINE,
  };
}

/** A text in lines of at most `columns` columns, broken at blanks where there are any; none for an empty text. */
function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  // Visible blanks (␣) end a piece too: a prompt has no others.
  for (const piece of text.match(/[^ ␣⏎]*[ ␣⏎]*/g) ?? []) {
    for (const part of cutPieces(piece, columns)) {
      if (displayWidth((line + part).trimEnd()) > columns) {
        lines.push(line.trimEnd());
        line = part;
      } else line += part;
    }
  }
  if (line.trimEnd() !== "") lines.push(line.trimEnd());
  return lines;
}

function cutPieces(piece: string, columns: number): string[] {
  if (displayWidth(piece) <= columns) return [piece];
  const parts: string[] = [];
  let part = "";
  for (const character of piece) {
    if (displayWidth(part + character) > columns) {
      parts.push(part);
      part = character;
    } else part += character;
  }
  return [...parts, part];
}

function limited(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES - 2), "…", ...lines.slice(-1)];
}
