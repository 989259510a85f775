/** A copied state by its tokens, in lists, messages and behind its line. */
import * as l10n from "@vscode/l10n";
import { visibleText } from "../../shared/text/shown-text.ts";
import type { Source } from "./records.ts";

/** `␣Italy @2 of 3`, and of several tokens `意大利, 6 tokens @0–5`. */
export function sourceLabel({ read, span }: Source): string {
  const text = visibleText(span.text);
  if (span.from < span.to) {
    return l10n.t("{0}, {1} tokens @{2}–{3}", text, span.to - span.from + 1, span.from, span.to);
  }
  return l10n.t("{0} @{1} of {2}", text, span.from, read.tokenization.tokens.length);
}
