/** How an answer is written for people, the same in editor, hover and panel. */

/** An answer's text without the blanks around it; answers of blanks alone are quoted. */
export function answerName(text: string): string {
  return text.trim() || JSON.stringify(text);
}
