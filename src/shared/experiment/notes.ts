/** What a user could overlook in an experiment, as codes with data: one rule for editor, panel, session, export and CLI. */
import type { ConditionKind } from "../condition/condition.ts";
import { descriptorOf } from "../condition/condition.ts";
import type { Answer, AnswerRequest, Prompt } from "./experiment.ts";
import type { GuessedSplit } from "../prompt/tokens.ts";
import { givesTarget } from "./outcome.ts";

/** Whose prompt or answer a note is about. */
export type NotedSide = "target" | "source";

/** One thing worth knowing. Nothing is changed because of it: prompts and answers run as they were given. */
export type Note =
  /** The prompt's text begins with the BOS token, and the tokenizer put another before it. */
  | { readonly code: "two-bos"; readonly side: NotedSide; readonly token: string }
  /** The model's file does not say how its tokenizer splits text: other ids are possible for all prompts. */
  | { readonly code: "guessed-split"; readonly named: GuessedSplit }
  /** The prompt ends in white space, which changes the tokens of what follows. */
  | {
      readonly code: "ends-in-blank";
      readonly side: NotedSide;
      readonly blank: "blank" | "line-break";
      /** The last token's text. */
      readonly token: string;
    }
  /** An answer of several tokens counts by its first. */
  | {
      readonly code: "first-token-decides";
      readonly side: NotedSide;
      readonly answer: string;
      readonly tokens: number;
      /** Text of that token; null where it is not known. */
      readonly first: string | null;
    }
  /** Two answers that count by their first tokens have the same one. */
  | { readonly code: "same-first-token" }
  /** Whole answers of unlike length: the named one, and one that is found by running. */
  | {
      readonly code: "lengths-differ";
      readonly side: NotedSide;
      readonly answer: string;
      readonly tokens: number;
      /** Tokens of the one that is found. */
      readonly found: number;
    }
  /** The named target answer is not what the unpatched model gives. */
  | { readonly code: "target-answer-not-baseline"; readonly answer: string; readonly baseline: string }
  /** The demonstration model does not know this kind of text (`known-text.ts`). */
  | { readonly code: "unknown-text"; readonly model: string };

/** A prompt as far as notes are told from it. */
export interface NotedPrompt extends Prompt {
  /** Whether the model's chat template wrapped it: what it ends in is the template's doing. */
  readonly chatTemplate?: boolean;
}

/** An experiment as far as notes are told from it. */
export interface NotedExperiment {
  readonly kind: ConditionKind;
  readonly target: NotedPrompt;
  /** Null where no states are read from another prompt. */
  readonly source: NotedPrompt | null;
  /** Positions of the source that are read. */
  readonly sourcePositions: readonly number[];
  /** Null while it is not known which tokens the named answers have. */
  readonly answers: AnswerRequest | null;
  /** The unpatched run's most likely tokens; empty while they are not known. */
  readonly baseline: readonly { readonly id: number; readonly text: string }[];
}

/** A grid counts by first tokens, whatever the answers' length. */
export function gridRequest(named: Pick<AnswerRequest, NotedSide>): AnswerRequest {
  return { ...named, scoring: "next-token", tokens: 1 };
}

/** Notes that others do not say already. */
export function newNotes(notes: readonly Note[], others: readonly Note[]): Note[] {
  const said = new Set(others.map((note) => JSON.stringify(note)));
  return notes.filter((note) => !said.has(JSON.stringify(note)));
}

/** All notes of an experiment: on its prompts, its answers, and what the unpatched run showed of them. */
export function experimentNotes(noted: NotedExperiment): Note[] {
  const { target, source, sourcePositions, answers, baseline } = noted;
  // Nothing that is read of a source depends on tokens behind it.
  const isEndRead = source !== null && sourcePositions.includes(source.ids.length - 1);
  const isSame = source !== null && String(source.ids) === String(target.ids);
  const ofTarget = promptNotes("target", target);
  const ofSource = source && !isSame ? newNotes(promptNotes("source", source), ofTarget) : [];
  return [
    ...ofTarget,
    ...ofSource.filter(({ code }) => code !== "ends-in-blank" || isEndRead),
    ...(answers ? answerNotes(answers, noted.kind) : []),
    ...(answers?.target ? baselineNotes(answers.target, baseline) : []),
  ];
}

/** Notes on one prompt. */
export function promptNotes(side: NotedSide, prompt: NotedPrompt): Note[] {
  const { text, ids, tokens, bos, guessedSplit } = prompt;
  const end = text !== null && prompt.chatTemplate !== true ? (/\s$/u.exec(text)?.[0] ?? null) : null;
  const blank = end !== null && /[\r\n\u2028\u2029]/.test(end) ? "line-break" : "blank";
  return [
    ...(guessedSplit ? [{ code: "guessed-split", named: guessedSplit } as const] : []),
    ...(bos.added && ids[0] === ids[1] ? [{ code: "two-bos", side, token: tokens[0] ?? "" } as const] : []),
    ...(end === null ? [] : [{ code: "ends-in-blank", side, blank, token: tokens.at(-1) ?? "" } as const]),
  ];
}

function answerNotes(request: AnswerRequest, kind: ConditionKind): Note[] {
  const { target, source, scoring } = request;
  if (scoring === "likelihood") return lengthNotes(request, kind);
  const firsts = (["target", "source"] as const).flatMap((side): Note[] => {
    const answer = request[side];
    if (!answer || answer.ids.length === 1) return [];
    const { text, ids, first } = answer;
    return [{ code: "first-token-decides", side, answer: text, tokens: ids.length, first: first ?? null }];
  });
  const isSame = target !== null && target.ids[0] === source?.ids[0];
  return [...firsts, ...(isSame ? [{ code: "same-first-token" } as const] : [])];
}

/** Whole answers lose likelihood with every token: a long one beside a short one is no fair comparison. */
function lengthNotes({ target, source, tokens }: AnswerRequest, kind: ConditionKind): Note[] {
  const named = target ?? source;
  const findsOther = target === null || descriptorOf(kind).hasAnswer;
  if (!named || (target && source) || !findsOther || named.ids.length === tokens) return [];
  const side = target ? "target" : "source";
  return [{ code: "lengths-differ", side, answer: named.text, tokens: named.ids.length, found: tokens }];
}

function baselineNotes(answer: Answer, baseline: NotedExperiment["baseline"]): Note[] {
  const [best] = baseline;
  if (!best || givesTarget({ target: answer }, baseline)) return [];
  return [{ code: "target-answer-not-baseline", answer: answer.text, baseline: best.text }];
}
