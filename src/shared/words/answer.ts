/** Answers and outcomes as people read and hear them. */
import * as l10n from "@vscode/l10n";
import type { Outcome, OutcomeRow } from "../experiment/outcome.ts";
import type { SweepRow } from "../experiment/result.ts";
import { shownText } from "../text/text-width.ts";

/** The most likely token of a row, as text. */
export function answerOf(row: Pick<SweepRow, "top">): string {
  return row.top[0]?.text ?? "";
}

/** What outcomes are told from. */
export function outcomeRow(row: Pick<SweepRow, "k" | "outcome" | "top">): OutcomeRow {
  return { k: row.k, outcome: row.outcome, answer: answerOf(row) };
}

/** Each outcome as a word. */
export function outcomeName(outcome: Outcome): string {
  switch (outcome) {
    case "source":
      return l10n.t("source");
    case "target":
      return l10n.t("target");
    case "neither":
      return l10n.t("neither");
  }
}

/** An answer in a sentence: a word as it stands; what would be lost there, such as punctuation and blanks, in quotes. */
export function answerName(text: string): string {
  return /^\s*[\p{L}\p{N}]/u.test(text) ? shownText(text.trim()) : `'${shownText(text)}'`;
}

/** An answer among other words, `“Rome”`: in quotes, and with its blanks where it is no word. */
export function quotedAnswer(text: string): string {
  return `“${shownText(/^\s*[\p{L}\p{N}]/u.test(text) ? text.trim() : text)}”`;
}

/** A token as speech: blanks and line breaks in words, for glyphs such as ␣ are skipped by screen readers. */
export function spokenToken(text: string): string {
  if (text === "") return l10n.t("part of a character");
  if (text.trim() === "") {
    const breaks = (text.match(/\n/g) ?? []).length;
    return breaks > 0 ? l10n.t("line break") : l10n.t("space");
  }
  return text.trim();
}
