/** The command line that runs a session's experiment again without an editor, as far as options can say it. */
import type { Condition } from "../condition/condition.ts";
import { descriptorOf, ownValuesOf, replacedPositions } from "../condition/condition.ts";
import type { Swap } from "../condition/kinds/swap.ts";
import { INITIAL_CHOICE } from "../condition/condition-choice.ts";
import type { AnswerRequest, LayerRange, NamedAnswers } from "../experiment/experiment.ts";
import type { Session, SessionPrompt, SessionSweep } from "../session/session.ts";
import { alignSpans } from "../condition/span-alignment.ts";
import { formatSpan } from "../prompt/span-syntax.ts";
import { shellWord } from "../text/shell.ts";
import { runsOf } from "../text/ranges.ts";

/** `state-swap sweep …`; null without a sweep, or where no options give the same condition. */
export function sweepCommandLine(session: Session): string | null {
  const { sweep } = session;
  if (!sweep) return null;
  const condition = conditionWords(sweep.condition, session.target);
  if (!condition) return null;
  return lines([
    ["state-swap", "sweep"],
    ...modelWords(session),
    ...promptWords(session, descriptorOf(sweep.condition.kind).takes.source),
    ...condition,
    layerWords(sweep.layers),
    ...answerWords(sweep.request),
    ...besideWords(sweep),
  ]);
}

/** `state-swap grid …`; null without a grid, or where no options give the same. */
export function gridCommandLine(session: Session): string | null {
  const { grid } = session;
  if (!grid || grid.asked || !session.source) return null;
  const [from, another] = runsOf(grid.sourcePositions);
  if (!from || another) return null;
  return lines([
    ["state-swap", "grid"],
    ...modelWords(session),
    ...promptWords(session, true),
    ["--with", tokens(from)],
    ...(grid.sourcePositions.length > 1 ? [["--align", "mean"]] : []),
    ...runsOf(grid.targetPositions).map((run) => ["--swap", tokens(run)]),
    ...sourceLayerWords(grid.sourceLayer),
    ...strengthWords(grid.strength),
    layerWords(grid.layers),
    ...namedWords(grid.request),
  ]);
}

function lines(parts: readonly (readonly string[])[]): string {
  return parts.map((words) => words.map(shellWord).join(" ")).join(" \\\n  ");
}

/** Without `--model` the command line takes the embedded model. */
function modelWords({ model }: Session): string[][] {
  return [
    ...(model.embedded ? [] : [["--model", model.file]]),
    ...(model.tokenizer === undefined ? [] : [["--tokenizer", model.tokenizer]]),
  ];
}

/** Texts, exactly; ids where one BOS policy does not serve both prompts. */
function promptWords({ target, source }: Session, readsSource: boolean): string[][] {
  const { policy } = target.tokenization.bos;
  const words = [["--target", target.tokenization.text]];
  if (policy !== "auto") words.push(["--bos", policy]);
  const isSame = source !== null && String(source.tokenization.ids) === String(target.tokenization.ids);
  if (!readsSource || !source || isSame) return words;
  const { text, ids, bos } = source.tokenization;
  return [...words, bos.policy === policy ? ["--source", text] : ["--source-ids", ids.join(",")]];
}

/** Null where no options give the condition: the states of a vectors file stand in a file of their own. */
function conditionWords(condition: Condition, target: SessionPrompt): string[][] | null {
  if ("entries" in condition) return null;
  const spans = "pairs" in condition ? swapWords(condition) : placeWords(condition, target);
  const seeds = "seeds" in condition ? seedWords(condition.seeds) : [];
  if (!spans || !seeds) return null;
  return [
    ...(condition.kind === INITIAL_CHOICE.kind ? [] : [["--condition", condition.kind]]),
    ...spans,
    ...ownValuesOf(condition).map(({ number, value }) => [`--${number.key}`, String(value)]),
    ...seeds,
    ...("sourceLayer" in condition ? sourceLayerWords(condition.sourceLayer) : []),
    ...("strength" in condition ? strengthWords(condition.strength) : []),
  ];
}

function seedWords(seeds: readonly number[]): string[][] | null {
  const [run, another] = runsOf(seeds);
  if (!run || another) return null;
  return [["--seed", String(run.from), "--seeds", String(seeds.length)]];
}

/** Nothing for all tokens but the last, which the command line takes without options. */
function placeWords(condition: Condition, { tokenization, startsWithBos }: SessionPrompt): string[][] {
  const positions = replacedPositions(condition);
  if (positions.length === 0) return [];
  const [run, another] = runsOf(positions);
  const isRule = run !== undefined && !another && run.to === tokenization.ids.length - 2;
  const isWithoutBos = isRule && run.from === 1 && startsWithBos;
  // A mean without BOS is one over all but it, whichever tokens are replaced.
  const leavesBos = "over" in condition ? startsWithBos && !condition.over.includes(0) : isWithoutBos;
  const list = runsOf(positions).map(({ from, to }) => (from === to ? String(from) : `${from}..${to}`));
  return [
    ...((isRule && run.from === 0) || isWithoutBos ? [] : [["--positions", `@${list.join(",")}`]]),
    ...(leavesBos ? [["--exclude-bos"]] : []),
  ];
}

/** Spans that give exactly these pairs; null when none do. */
function swapWords(condition: Swap): string[][] | null {
  const { pairs, align } = condition;
  const sources = [...new Set(pairs.flatMap((pair) => pair.source))].sort((a, b) => a - b);
  const [source, another] = runsOf(sources);
  if (!source || another) return null;
  const targets = align === "mean" ? runsOf(pairs.map((pair) => pair.target)) : chunks(pairs, sources.length);
  const spans = targets.map((run) => ({ ...run, text: "" }));
  try {
    // What the command line will make of these spans must be what was run.
    const made = alignSpans(spans, { ...source, text: "" }, align);
    if (JSON.stringify(made) !== JSON.stringify(pairs)) return null;
  } catch {
    return null;
  }
  return [
    ...targets.map((run) => ["--swap", tokens(run)]),
    ["--with", tokens(source)],
    ...(align === null ? [] : [["--align", align]]),
  ];
}

/** Targets in spans as long as the source's. */
function chunks(pairs: Swap["pairs"], length: number): { from: number; to: number }[] {
  return Array.from({ length: Math.ceil(pairs.length / length) }, (_, i) => {
    const part = pairs.slice(i * length, (i + 1) * length);
    return { from: part[0]!.target, to: part.at(-1)!.target };
  });
}

function tokens({ from, to }: { from: number; to: number }): string {
  return formatSpan({ kind: "tokens", from, to });
}

function sourceLayerWords(layer: number | null): string[][] {
  return layer === null ? [] : [["--source-layer", String(layer)]];
}

function strengthWords(strength: number): string[][] {
  return strength === INITIAL_CHOICE.strength ? [] : [["--strength", String(strength)]];
}

function layerWords({ from, to }: LayerRange): string[] {
  return ["--layers", from === to ? String(from) : `${from}..${to}`];
}

function namedWords({ target, source }: NamedAnswers): string[][] {
  return [
    ...(target ? [["--target-answer", target.text]] : []),
    ...(source ? [["--source-answer", source.text]] : []),
  ];
}

function answerWords(request: AnswerRequest): string[][] {
  const named = namedWords(request);
  if (request.scoring === "likelihood") {
    return [...named, ["--answer", "full", "--answer-tokens", String(request.tokens)]];
  }
  return named.length === 0 ? [] : [...named, ["--answer", "next-token"]];
}

function besideWords({ wantsLens, controls }: SessionSweep): string[][] {
  return [...(wantsLens ? [["--lens"]] : []), ...(controls ? [["--controls"]] : [])];
}
