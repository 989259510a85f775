/** Options that say what is put where: the condition, its tokens, its numbers. Spans are read here, looked up later. */
import type { Alignment, VectorsEntry } from "../../shared/condition/parts.ts";
import type { ConditionKind } from "../../shared/condition/condition.ts";
import { CONDITION_KINDS, descriptorOf } from "../../shared/condition/condition.ts";
import type { ConditionChoice } from "../../shared/condition/condition-choice.ts";
import { INITIAL_CHOICE, MOST_SEEDS } from "../../shared/condition/condition-choice.ts";
import type { SpanSpec } from "../../shared/prompt/span-syntax.ts";
import { parseSpan, parseSpanList } from "../../shared/prompt/span-syntax.ts";
import type { Takes } from "../../shared/condition/descriptor.ts";
import type { CommandLine, Flag, TextOption } from "./args.ts";
import { textOf, usageError } from "./args.ts";
import { choiceOption, shareOption, wholeOption } from "./option-values.ts";
import { parseVectors } from "../../shared/condition/vectors-file.ts";
import { readBytes } from "../files.ts";

/** A condition as the user wrote it. */
export interface ConditionInput {
  readonly choice: ConditionChoice;
  /** Spans of `--swap`, or of `--positions`; empty for all tokens but the last. */
  readonly targets: readonly SpanSpec[];
  /** Span of `--with`; null for conditions other than swap. */
  readonly source: SpanSpec | null;
  readonly align: Alignment | null;
  /** File of `--vectors`. */
  readonly vectorsFile: string | null;
  readonly entries: readonly VectorsEntry[];
}

const takesSource = ({ source }: Takes): boolean => source;
const takesSeeds = ({ seeds }: Takes): boolean => seeds;

/** Options that belong to some conditions only: to those that take what the option says. */
const OWNERS: Readonly<Partial<Record<TextOption | Flag, (takes: Takes) => boolean>>> = {
  swap: takesSource,
  with: takesSource,
  align: takesSource,
  source: takesSource,
  "source-file": takesSource,
  "source-ids": takesSource,
  "source-layer": takesSource,
  unrelated: takesSource,
  positions: ({ places }) => places === "rule",
  "exclude-bos": ({ places }) => places === "rule" || places === "chosen",
  vectors: ({ places }) => places === "given",
  seed: takesSeeds,
  seeds: takesSeeds,
  strength: ({ strength }) => strength,
};

/**
 * Reads `--condition` and what belongs to it.
 *
 * @throws SwapError `usage`, `bad-span`, `bad-vectors`, `file-not-found`
 */
export function conditionInput(line: CommandLine): ConditionInput {
  const kind = kindOf(line);
  refuseForeignOptions(line, kind);
  const positions = (line.texts.get("positions") ?? []).filter((text) => text !== "all-but-last");
  const named = line.texts.get("positions")?.length ?? 0;
  if (positions.length > 0 && positions.length < named) {
    throw usageError("--positions all-but-last stands alone: it is all tokens but the last.", line.command);
  }
  const vectorsFile = textOf(line, "vectors");
  const { takes } = descriptorOf(kind);
  if (takes.places === "given" && vectorsFile === null) {
    throw usageError(`The condition ${kind} needs --vectors F.`, line.command);
  }
  return {
    choice: {
      kind,
      where: positions.length > 0 ? "chosen" : "all-but-last",
      excludeBos: line.flags.has("exclude-bos"),
      seed: wholeOption(line, "seed", 0, 2 ** 31 - 1) ?? INITIAL_CHOICE.seed,
      seeds: wholeOption(line, "seeds", 1, MOST_SEEDS) ?? INITIAL_CHOICE.seeds,
      strength: shareOption(line, "strength") ?? INITIAL_CHOICE.strength,
      sourceLayer: sourceLayerOption(line),
    },
    targets: takes.source ? targetSpans(line) : positions.flatMap(parseSpanList),
    source: takes.source ? sourceSpan(line) : null,
    align: alignOption(line),
    vectorsFile,
    entries: vectorsFile === null ? [] : readVectorsFile(vectorsFile),
  };
}

/** Reads `--source-layer`; null: locked to k. */
export function sourceLayerOption(line: CommandLine): number | null {
  return wholeOption(line, "source-layer", 0, Number.MAX_SAFE_INTEGER);
}

/** Reads `--strength`. */
export function strengthOption(line: CommandLine): number {
  return shareOption(line, "strength") ?? INITIAL_CHOICE.strength;
}

/** The spans of `--swap`; may be none. */
export function swapSpans(line: CommandLine): readonly SpanSpec[] {
  return (line.texts.get("swap") ?? []).map(parseSpan);
}

/**
 * The span of `--with`.
 *
 * @throws SwapError `usage` when it is missing
 */
export function sourceSpan(line: CommandLine): SpanSpec {
  const text = textOf(line, "with");
  if (text === null) {
    throw usageError("A swap needs --with SPAN: the tokens that the state comes from.", line.command);
  }
  return parseSpan(text);
}

/** Reads `--align`. */
export function alignOption(line: CommandLine): Alignment | null {
  return choiceOption(line, "align", ["last", "each", "mean"] as const);
}

/**
 * Reads `--condition`.
 *
 * @throws SwapError `usage`
 */
export function kindOf(line: CommandLine): ConditionKind {
  const text = textOf(line, "condition") ?? "swap";
  const kind = CONDITION_KINDS.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw usageError(
    `There is no condition ${JSON.stringify(text)}.`,
    line.command,
    `The conditions are ${CONDITION_KINDS.join(", ")}.`,
  );
}

function targetSpans(line: CommandLine): readonly SpanSpec[] {
  const spans = swapSpans(line);
  if (spans.length > 0) return spans;
  throw usageError("A swap needs --swap SPAN: the tokens whose state is replaced.", line.command);
}

function refuseForeignOptions(line: CommandLine, kind: ConditionKind): void {
  for (const [option, isOwner] of Object.entries(OWNERS)) {
    const isGiven = line.flags.has(option as Flag) || line.texts.has(option as TextOption);
    if (!isGiven || isOwner(descriptorOf(kind).takes)) continue;
    const owners = CONDITION_KINDS.filter((one) => isOwner(descriptorOf(one).takes));
    const whose = owners.length === 1 ? `the condition ${owners[0]!}` : `the conditions ${owners.join(", ")}`;
    throw usageError(`--${option} belongs to ${whose}, not to ${kind}.`, line.command);
  }
}

/**
 * Reads a vectors file. Whether it fits the model is checked by the engine.
 *
 * @throws SwapError `file-not-found`, `bad-vectors`
 */
export function readVectorsFile(file: string): readonly VectorsEntry[] {
  return parseVectors(readBytes(file, "vectors").toString("utf8"), file);
}
