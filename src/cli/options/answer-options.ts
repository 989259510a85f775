/** Options that name the two answers, and say how they count. */
import type { Scoring } from "../../shared/experiment/experiment.ts";
import { MOST_ANSWER_TOKENS } from "../../shared/experiment/limits.ts";
import type { Section } from "./option.ts";
import { option } from "./option.ts";
import { asWritten, choice, whole } from "./values.ts";

const DEFAULT_TOP = 10;

/** The two sides' answers. */
export const ANSWERS = {
  title: "Answers",
  fields: {
    targetAnswer: option({
      name: "target-answer",
      value: "TEXT",
      help: "default: the most likely token of the unpatched prompt",
      read: asWritten,
    }),
    sourceAnswer: option({
      name: "source-answer",
      value: "TEXT",
      help: "default: the most likely token at the smallest k, with --swap on a grid",
      read: asWritten,
    }),
  },
} satisfies Section;

/** Answers, how they count, and how many of the most likely tokens are listed. */
export const SCORED_ANSWERS = {
  title: ANSWERS.title,
  fields: {
    ...ANSWERS.fields,
    scoring: option<Scoring>({
      name: "answer",
      value: "next-token|full",
      help: "by the first token, or by the likelihood of all; default full if a named answer has several",
      read: (text, at) => (choice(["next-token", "full"])(text, at) === "full" ? "likelihood" : "next-token"),
    }),
    answerTokens: option({
      name: "answer-tokens",
      value: "N",
      help: `tokens of an answer that is found by running, at most ${MOST_ANSWER_TOKENS}; more than 1 means full`,
      read: whole(1, MOST_ANSWER_TOKENS),
    }),
    top: option({
      name: "top",
      value: "N",
      help: `how many of the most likely tokens a row lists in JSON; default ${DEFAULT_TOP}`,
      read: whole(1),
      absent: DEFAULT_TOP,
    }),
  },
} satisfies Section;
