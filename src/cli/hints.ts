/** What the command line offers against an error or a note: its options, where the editor names its own controls. */
import type { ErrorData } from "../shared/errors.ts";
import type { HintCode } from "../shared/hints.ts";
import { MOST_ANSWER_TOKENS } from "../shared/experiment/limits.ts";
import type { Note } from "../shared/experiment/notes.ts";

const LAST = "--align last (the last source token onto the last target token)";
const MEAN = "--align mean (the mean of the source states at every target token)";

/** The command line's words for hints that each face words itself. */
export const OPTION_HINTS: Readonly<Record<HintCode, string>> = {
  "choose-file": "Choose one of them with --file.",
  "bos-policy": "Use --bos auto or --bos off.",
  "name-answers":
    "Name two that differ (--target-answer, --source-answer), or leave one to be found by running.",
  "layer-range": "Widen --layers.",
  "smallest-k": "Start --layers there.",
  "span-form":
    "Write a text (France), one of its occurrences (France#2), a token index (@21, @-1 for the last token) or a range of them (@21..23).",
  "index-form":
    "Write a token index (@21, @-1 for the last token) or a range of them (@21..23). For a text that begins with @ and a digit, write \\@.",
  "copy-span": "Copy the text from the prompt, or give a token index such as @21.",
  "choose-index": "Or give the token's index, such as @7.",
  "choose-tokens": "Choose tokens with --positions, or lengthen the prompt.",
  "choose-targets": "Choose other tokens with --swap.",
  "each-target-once": "Name each token in one --swap only.",
  "choose-vectors": "Name a file with --vectors.",
  "align-spans": `Choose ${LAST}, --align each (token by token, for equal lengths) or ${MEAN}.`,
  "align-equal": `Choose ${LAST} or ${MEAN}, or spans of equal lengths.`,
  "align-grid": "Choose --align last (its last token's state) or --align mean (the mean of its states).",
  "node-path": "Check the Node executable that runs state-swap.",
  "choose-runtime": "Use --runtime auto.",
  "opening-budget": "If the model is one that you trust, on a slow disk or machine, raise --opening-budget.",
  network: "Check the network, and the proxy if yours needs one: HTTPS_PROXY.",
  "proxy-login":
    "Put name and password into the proxy's address: HTTPS_PROXY=http://name:password@host:port.",
  "trust-authority":
    "If it is your organisation's, set NODE_EXTRA_CA_CERTS to the file of its certificate (PEM).",
  "hub-token": "Then set HF_TOKEN to an access token of yours.",
};

/** The error as the command line tells it. */
export function toldHere({ code, message, hint, hintCode }: ErrorData): ErrorData {
  return { code, message, hint: hintCode === undefined ? hint : OPTION_HINTS[hintCode] };
}

/** The option that helps where a note applies; empty where none does. */
export function noteHint(note: Note): string {
  switch (note.code) {
    case "two-bos":
      return "--bos on keeps one in front of every prompt.";
    case "lengths-differ":
      return note.tokens <= MOST_ANSWER_TOKENS
        ? `--answer-tokens ${note.tokens} makes them equally long.`
        : "Name both to compare them fairly.";
    case "guessed-split":
    case "ends-in-blank":
    case "first-token-decides":
    case "same-first-token":
    case "target-answer-not-baseline":
    // Only the editor's demonstration model is judged.
    case "unknown-text":
      return "";
  }
}
