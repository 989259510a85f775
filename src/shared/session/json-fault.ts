/** Where a text stops being JSON, which the runtime's own messages do not always say. */
import * as l10n from "@vscode/l10n";
import { createScanner } from "jsonc-parser";

/** A place in a text. */
export interface JsonFault {
  /** UTF-16 units from the start. */
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** For people: `the file ends too early`. */
  readonly what: string;
}

/** What may come next. */
type Expected = "value" | "first item" | "first key" | "key" | "colon" | "after value";

/** A text, a number or a word, whole where the scanner has nothing against it. */
const SCALAR = /^(?:"|-?\d|(?:true|false|null)$)/;
/** How a text, a number or a word begins. */
const PIECE = /^["\w.+-]/;
const BLANK = /^[ \t\n\r]/;

/** What stands at a place of a text. */
interface Token extends Omit<JsonFault, "what"> {
  /** As it is written; empty at the end of the text. A comment is a token, since JSON has none. */
  readonly raw: string;
  readonly isScalar: boolean;
}

/**
 * The first place where a text is no JSON any more; null for JSON.
 *
 * Only the tokens are the library's: its parser calls itself for each bracket, and a damaged file may open many.
 */
export function jsonFault(text: string): JsonFault | null {
  /** The brackets that are to close what stands open. */
  const open: ("]" | "}")[] = [];
  let expected: Expected = "value";
  for (const token of tokensOf(text)) {
    const { raw } = token;
    const closing = open.at(-1);
    if (expected === "after value" && closing === undefined) {
      return raw === "" ? null : faultAt(token, l10n.t("nothing may follow the end"));
    }
    const mayClose = expected === "first item" || expected === "first key" || expected === "after value";
    if (mayClose && raw === closing) {
      open.pop();
      expected = "after value";
      continue;
    }
    switch (expected) {
      case "first item":
      case "value":
        if (raw === "[" || raw === "{") {
          open.push(raw === "[" ? "]" : "}");
          expected = raw === "[" ? "first item" : "first key";
        } else if (token.isScalar) expected = "after value";
        else return faultOrEnd(text, token, l10n.t("a value is expected"));
        break;
      case "first key":
      case "key":
        if (!token.isScalar || !raw.startsWith('"')) {
          return faultOrEnd(text, token, l10n.t("the name of a field is expected"));
        }
        expected = "colon";
        break;
      case "colon":
        if (raw !== ":") return faultOrEnd(text, token, l10n.t("a colon is expected"));
        expected = "value";
        break;
      case "after value":
        if (raw !== ",") return faultOrEnd(text, token, l10n.t("a comma or {0} is expected", closing!));
        expected = closing === "]" ? "value" : "key";
    }
  }
  return null;
}

/** All tokens but blanks, and one behind the last that is empty. */
function* tokensOf(text: string): Generator<Token> {
  const scanner = createScanner(text);
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    const raw = text.slice(offset, offset + scanner.getTokenLength());
    if (BLANK.test(raw)) continue;
    // `ScanError.None` is 0; the enumeration itself is declared in a way that this compiler's settings cannot import.
    const isScalar = !scanner.getTokenError() && SCALAR.test(raw);
    const line = scanner.getTokenStartLine() + 1;
    const column = scanner.getTokenStartCharacter() + 1;
    yield { offset, line, column, raw, isScalar };
    if (raw === "") return;
  }
}

function faultAt({ offset, line, column }: Token, what: string): JsonFault {
  return { offset, line, column, what };
}

/** At the end of a text, or at a piece of a value with which it ends, nothing else is to be said. */
function faultOrEnd(text: string, token: Token, what: string): JsonFault {
  const isPiece = !token.isScalar && PIECE.test(token.raw);
  const isLast = text.slice(token.offset + token.raw.length).trim() === "";
  return faultAt(token, token.raw === "" || (isPiece && isLast) ? l10n.t("the file ends too early") : what);
}
