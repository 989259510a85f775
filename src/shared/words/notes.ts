/** Notes in words: what is so, the same on every face; what one can do about it is each face's own. */
import * as l10n from "@vscode/l10n";
import { MOST_ANSWER_TOKENS } from "../experiment/limits.ts";
import type { Note } from "../experiment/notes.ts";
import type { GuessedSplit } from "../prompt/tokens.ts";
import type { NoteResult } from "../experiment/result.ts";
import { shownText } from "../text/text-width.ts";
import type { Part } from "./parts.ts";
import { part, sentence, textOf } from "./parts.ts";

/** What is worth knowing, in a sentence or two. */
export function noteParts(note: Note): Part[] {
  switch (note.code) {
    case "two-bos":
      return sentence(
        note.side === "target"
          ? l10n.t("The target prompt begins with two {0}: its text has one, and the tokenizer adds another.")
          : l10n.t(
              "The source prompt begins with two {0}: its text has one, and the tokenizer adds another.",
            ),
        shownText(note.token),
      );
    case "guessed-split":
      return [part(guessedSplitText(note.named))];
    case "ends-in-blank":
      return sentence(endText(note), quoted(note.token));
    case "first-token-decides":
      return firstParts(note);
    case "same-first-token":
      return [
        part(
          l10n.t(
            "The two answers begin with the same token: nothing can have the outcome source. Count whole answers, or name answers that begin differently.",
          ),
        ),
      ];
    case "lengths-differ":
      return sentence(
        note.side === "target"
          ? l10n.t("The target answer {0} has {1}; the source answer is found by running, with {2}.")
          : l10n.t("The source answer {0} has {1}; the target answer is found by running, with {2}."),
        part(quoted(note.answer), note.side),
        tokenCount(note.tokens),
        tokenCount(note.found),
      );
    case "target-answer-not-baseline":
      return sentence(
        l10n.t("The target answer {0} is not what the unpatched model gives, which is {1}."),
        part(quoted(note.answer), "target"),
        part(quoted(note.baseline), "neither"),
      );
    case "unknown-text":
      return sentence(
        l10n.t(
          "{0} does not know this kind of text: its answers say nothing of your prompt. Select another model.",
        ),
        note.model,
      );
  }
}

/** What a guess at the tokenizer means, and what ends it. */
export function guessedSplitText(named: GuessedSplit): string {
  return named === "missing"
    ? l10n.t(
        "The model's file names no pre-tokenizer, so words and numbers may be split otherwise than the model learnt, into other tokens. Put the tokenizer.json of the model beside the file, or name it (--tokenizer, stateSwap.tokenizers), to have its own.",
      )
    : l10n.t(
        "The model's file names only the pre-tokenizer 'default', so words and numbers may be split otherwise than the model learnt, into other tokens. Put the tokenizer.json of the model beside the file, or name it (--tokenizer, stateSwap.tokenizers), to have its own.",
      );
}

/** Notes as a result in JSON has them; nothing without any. */
export function notesResult(notes: readonly Note[]): { readonly notes?: readonly NoteResult[] } {
  if (notes.length === 0) return {};
  return { notes: notes.map((note) => ({ code: note.code, message: textOf(noteParts(note)) })) };
}

/** What helps in the editor beside what the sentence says; empty where nothing more does. */
export function noteAdvice(note: Note): string {
  if (note.code !== "lengths-differ") return "";
  return note.tokens <= MOST_ANSWER_TOKENS
    ? l10n.t("Found answers of {0} tokens, counted as whole answers, make them equally long.", note.tokens)
    : l10n.t("Name both to compare them fairly.");
}

/** The name on the button that leaves one BOS token. */
export function keepOneBosLabel(): string {
  return l10n.t("Keep One BOS");
}

function endText({ side, blank }: Extract<Note, { code: "ends-in-blank" }>): string {
  if (side === "source") {
    return blank === "blank"
      ? l10n.t(
          "The text ends with a blank, which is part of the source prompt (last token {0}), and is read.",
        )
      : l10n.t(
          "The text ends with a line break, which is part of the source prompt (last token {0}), and is read.",
        );
  }
  return blank === "blank"
    ? l10n.t(
        "The text ends with a blank, which is part of the target prompt (last token {0}): answers have other tokens than without it. Remove it if the prompt should end before it.",
      )
    : l10n.t(
        "The text ends with a line break, which is part of the target prompt (last token {0}): answers have other tokens than without it. Remove it if the prompt should end before it.",
      );
}

function firstParts({ side, answer, tokens, first }: Extract<Note, { code: "first-token-decides" }>): Part[] {
  const named = part(quoted(answer), side);
  if (first === null) {
    const template =
      side === "target"
        ? l10n.t("The target answer {0} has {1} tokens; its first decides outcomes.")
        : l10n.t("The source answer {0} has {1} tokens; its first decides outcomes.");
    return sentence(template, named, tokens);
  }
  const template =
    side === "target"
      ? l10n.t("The target answer {0} has {1} tokens; its first, {2}, decides outcomes.")
      : l10n.t("The source answer {0} has {1} tokens; its first, {2}, decides outcomes.");
  return sentence(template, named, tokens, part(quoted(first), side));
}

function quoted(text: string): string {
  return `'${shownText(text)}'`;
}

function tokenCount(count: number): string {
  return count === 1 ? l10n.t("1 token") : l10n.t("{0} tokens", count);
}
