/** Where a text stops being JSON, which the runtime's own messages do not always say. */
import * as l10n from "@vscode/l10n";

/** A place in a text. */
export interface JsonFault {
  /** UTF-16 units from the start. */
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** For people: `the file ends in the middle of a text`. */
  readonly what: string;
}

const BLANK = /[ \t\n\r]*/y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/** What is left of a value, or nothing, at the end of a text. */
const CUT = /^(?:[\w.+-]*|"(?:[^"\\\n]|\\.)*\\?)[ \t\n\r]*$/;

/** What may come next. */
type Expected = "value" | "first item" | "first key" | "key" | "colon" | "after value";

/** The first place where a text is no JSON any more; null for JSON. */
export function jsonFault(text: string): JsonFault | null {
  const open: ("[" | "{")[] = [];
  let offset = 0;
  let expected: Expected = "value";
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = offset;
    const isThere = pattern.test(text);
    if (isThere) offset = pattern.lastIndex;
    return isThere;
  };
  const close = (): void => {
    offset++;
    open.pop();
    expected = "after value";
  };
  for (;;) {
    skip(BLANK);
    const next = text[offset];
    const inside = open.at(-1);
    if (expected === "after value" && inside === undefined) {
      return next === undefined ? null : faultAt(text, offset, l10n.t("nothing may follow the end"));
    }
    switch (expected) {
      case "first item":
      case "value":
        if (expected === "first item" && next === "]") close();
        else if (next === "[" || next === "{") {
          offset++;
          open.push(next);
          expected = next === "[" ? "first item" : "first key";
        } else if (skip(TEXT) || skip(SCALAR)) expected = "after value";
        else return faultAt(text, offset, l10n.t("a value is expected"));
        break;
      case "first key":
      case "key":
        if (expected === "first key" && next === "}") close();
        else if (skip(TEXT)) expected = "colon";
        else return faultAt(text, offset, l10n.t("the name of a field is expected"));
        break;
      case "colon":
        if (next !== ":") return faultAt(text, offset, l10n.t("a colon is expected"));
        offset++;
        expected = "value";
        break;
      case "after value":
        if (next === (inside === "[" ? "]" : "}")) close();
        else if (next === ",") {
          offset++;
          expected = inside === "[" ? "value" : "key";
        } else return faultAt(text, offset, l10n.t("a comma or {0} is expected", inside === "[" ? "]" : "}"));
    }
  }
}

function faultAt(text: string, offset: number, expected: string): JsonFault {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  const column = offset - before.lastIndexOf("\n");
  const isCut = CUT.test(text.slice(offset));
  return { offset, line, column, what: isCut ? l10n.t("the file ends too early") : expected };
}
