/** How an answer is written for people, the same in editor, hover and panel. */
import type { SweepRow } from "../../shared/result.ts";

/** The most likely token of a row. */
export function answerOf(row: Pick<SweepRow, "top">): string {
  return row.top[0]?.text ?? "";
}

/** An answer's text without the blanks around it; answers of blanks alone are quoted. */
export function answerName(text: string): string {
  return text.trim() || JSON.stringify(text);
}
