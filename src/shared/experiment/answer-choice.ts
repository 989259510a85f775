/** What is asked about answers, from what a user names: one rule for command line and editor. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../errors.ts";
import type { Answer, AnswerRequest, NamedAnswers, Scoring } from "./experiment.ts";

/** How answers shall count, as far as the user said; null: by default. */
export interface AskedScoring {
  readonly scoring: Scoring | null;
  /** Tokens of an answer that is found by running. */
  readonly tokens: number | null;
}

/**
 * The answers that a user names, to the token; null for those that are found by running.
 *
 * @param texts what was named on each side; null for nothing
 * @param encode the tokens with which the target prompt would go on to a text
 * @throws SwapError `usage` when both sides are the same tokens, and what `encode` throws
 */
export async function namedAnswers(
  texts: { readonly target: string | null; readonly source: string | null },
  encode: (text: string) => Promise<Answer>,
): Promise<NamedAnswers> {
  const target = texts.target === null ? null : await encode(texts.target);
  const source = texts.source === null ? null : await encode(texts.source);
  if (target && source && String(target.ids) === String(source.ids)) {
    throw new SwapError(
      "usage",
      l10n.t("Source and target answer are the same: {0}.", JSON.stringify(target.text.trim())),
      { code: "name-answers" },
    );
  }
  return { target, source };
}

/**
 * How named answers count: as the user says; by default whole where one of them, or an answer that is to be found, has
 * several tokens, else by the first token.
 */
export function answerRequest(named: NamedAnswers, { scoring, tokens }: AskedScoring): AnswerRequest {
  const lengths = [named.target?.ids.length, named.source?.ids.length, tokens];
  const byDefault = lengths.some((length) => (length ?? 1) > 1) ? "likelihood" : "next-token";
  const counts = scoring ?? byDefault;
  return { ...named, scoring: counts, tokens: counts === "likelihood" ? (tokens ?? 1) : 1 };
}

/**
 * The choice behind a stored scoring: what the rule gives by itself counts as not chosen, so that it goes on to follow
 * the answers that are named.
 *
 * @param named the answers that were named then; null for none
 */
export function chosenScoring(scoring: Scoring, named: NamedAnswers | null): Scoring | null {
  const byDefault = answerRequest(named ?? { target: null, source: null }, { scoring: null, tokens: null });
  return scoring === byDefault.scoring ? null : scoring;
}
