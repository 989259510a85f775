/** What stands above the tables for people: model, prompts, what is put where, the unpatched answer, the two answers. */
import * as path from "node:path";
import type { Condition } from "../../shared/condition/condition.ts";
import { replacesBos } from "../../shared/condition/condition.ts";
import type { Answer, Prompt, Scoring } from "../../shared/experiment/experiment.ts";
import { CONVENTION } from "../../shared/experiment/experiment.ts";
import { OUTCOME_MARK } from "../../shared/experiment/outcome.ts";
import type { ModelInfo } from "../../shared/protocol/engine.ts";
import type { TopToken } from "../../shared/experiment/result.ts";
import { probabilityText } from "../../shared/text/format.ts";
import { bestOf } from "../results.ts";
import type { Action } from "../sentences.ts";
import type { Style } from "../style.ts";
import { painted } from "../style.ts";
import { bosText, conventionText } from "../../shared/words/facts.ts";
import { cutMiddle, shownText } from "../../shared/text/text-width.ts";
import { joinedTokens } from "../../shared/text/token-bytes.ts";

/** What the lines above a table say. */
export interface Head {
  readonly info: ModelInfo;
  readonly target: Prompt;
  readonly source: Prompt | null;
  /** What is done, in words. */
  readonly action: Action;
  readonly baseline: readonly TopToken[];
  readonly answers: { readonly target: Answer; readonly source: Answer | null };
  /** For what the head says of BOS; left out where every position is replaced in turn. */
  readonly condition?: Condition;
  readonly startsWithBos?: boolean;
  /** Said where answers count whole. */
  readonly scoring?: Scoring;
}

/** The answers as far as a table needs them. */
export type Answers = Head["answers"];

const LABEL_WIDTH = 10;
const WHOLE = "   (whole answers, by likelihood)";

/** The lines above a table, cut to a width. */
export function headLines(head: Head, style: Style, width: number): string[] {
  const { info, target, source, action, baseline, answers } = head;
  const best = bestOf(baseline);
  const line = (label: string, text: string): string => style.faint(label.padEnd(LABEL_WIDTH)) + text;
  return [
    line(
      "model",
      `${style.strong(modelName(info.path))}  ${info.architecture}, ${info.blocks} layers, ${info.numeric}`,
    ),
    ...(source && source !== target ? [line("source", promptLine(source, width))] : []),
    line("target", promptLine(target, width)),
    line(action.label, painted(action.sentence, style) + bosFact(head)),
    line("unpatched", `${shownText(best.text)}  p = ${probabilityText(best.logprob)}`),
    line("outcomes", outcomeLegend(answers, style) + (head.scoring === "likelihood" ? WHOLE : "")),
    line("layers", conventionText(CONVENTION)),
  ];
}

/** Says what becomes of a BOS token: a state with a huge norm, whose replacement can decide a result. */
function bosFact({ target, condition, startsWithBos }: Head): string {
  if (!condition || startsWithBos !== true) return "";
  return ` · ${bosText(startsWithBos, target.bos.added, replacesBos(condition))}`;
}

/** `◆ ␣Rome (source)   ★ ␣Paris (target)   ▪ neither`. */
function outcomeLegend(answers: Answers, style: Style): string {
  const entry = (outcome: "source" | "target" | "neither", text: string): string =>
    style.outcome(outcome, `${OUTCOME_MARK[outcome]} ${text}`);
  const source = answers.source ? [entry("source", `${shownText(answers.source.text)} (source)`)] : [];
  return [
    ...source,
    entry("target", `${shownText(answers.target.text)} (target)`),
    entry("neither", "neither"),
  ].join("   ");
}

/** A file's name; for the ordinary names of hub-layout graphs, with the model's folder before it. */
function modelName(file: string): string {
  const name = path.basename(file);
  if (!name.endsWith(".onnx")) return name;
  const folder = path.basename(path.dirname(file));
  if (folder !== "onnx") return `${folder}/${name}`;
  return `${path.basename(path.dirname(path.dirname(file)))}/${folder}/${name}`;
}

function promptLine(prompt: Prompt, width: number): string {
  const bos = prompt.text === null ? "ids as given" : prompt.bos.added ? "BOS added" : "no BOS added";
  const facts = `  (${prompt.ids.length} token${prompt.ids.length === 1 ? "" : "s"}, ${bos})`;
  const text = shownText(prompt.text ?? joinedTokens(prompt.tokens));
  return cutMiddle(text.replaceAll("␣", " "), Math.max(20, width - LABEL_WIDTH - facts.length)) + facts;
}
