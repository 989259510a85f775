/** The options that say what replaces which states, checked before any model is opened. */
import type { Alignment, VectorsEntry } from "../shared/experiment.ts";
import type { SpanSpec } from "../shared/span-syntax.ts";
import { parseSpan } from "../shared/span-syntax.ts";
import type { CommandLine, TextOption } from "./args.ts";
import { textOf, usageError } from "./args.ts";
import { choiceOption } from "./option-values.ts";
import { readVectorsFile } from "./vectors-file.ts";

/** A condition as the user wrote it, with spans not yet looked up. */
export type ConditionInput =
  | {
      readonly kind: "swap";
      readonly targets: readonly SpanSpec[];
      readonly source: SpanSpec;
      readonly align: Alignment | null;
    }
  /** `positions` null: all but the last token. */
  | { readonly kind: "identity"; readonly positions: SpanSpec | null }
  | { readonly kind: "vectors"; readonly file: string; readonly entries: readonly VectorsEntry[] };

const BUILT = ["swap", "identity", "vectors"] as const;
type Kind = (typeof BUILT)[number];
const LATER = ["random", "shuffle", "freeze", "skip-attention", "zero", "mean"];

/** Options that belong to some conditions only. */
const OWNERS: Readonly<Partial<Record<TextOption, readonly Kind[]>>> = {
  swap: ["swap"],
  with: ["swap"],
  align: ["swap"],
  source: ["swap"],
  "source-file": ["swap"],
  "source-ids": ["swap"],
  positions: ["identity"],
  vectors: ["vectors"],
  seed: [],
  seeds: [],
};

/**
 * Reads `--condition` and what belongs to it.
 *
 * @throws SwapError `usage`, `bad-span`, `bad-vectors`, `file-not-found`
 */
export function conditionInput(line: CommandLine): ConditionInput {
  const kind = kindOf(line);
  for (const [option, owners] of Object.entries(OWNERS) as [TextOption, readonly Kind[]][]) {
    if (owners.includes(kind) || textOf(line, option) === null) continue;
    throw usageError(notForCondition(option, kind, owners), line.command);
  }
  switch (kind) {
    case "swap":
      return { kind, targets: targetSpans(line), source: sourceSpan(line), align: alignOption(line) };
    case "identity": {
      const positions = textOf(line, "positions") ?? "all-but-last";
      return { kind, positions: positions === "all-but-last" ? null : parseSpan(positions) };
    }
    case "vectors": {
      const file = textOf(line, "vectors");
      if (file === null) throw usageError("The condition vectors needs --vectors F.", line.command);
      return { kind, file, entries: readVectorsFile(file) };
    }
  }
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
 * Refuses conditions other than those named.
 *
 * @throws SwapError `usage`
 */
export function kindOf(line: CommandLine): Kind {
  const text = textOf(line, "condition") ?? "swap";
  const kind = BUILT.find((known) => known === text);
  if (kind !== undefined) return kind;
  const available = `It has ${BUILT.slice(0, -1).join(", ")} and ${BUILT.at(-1)!}.`;
  if (LATER.includes(text)) {
    throw usageError(`The condition ${text} is not in this version yet.`, line.command, available);
  }
  throw usageError(`There is no condition ${JSON.stringify(text)}.`, line.command, available);
}

function targetSpans(line: CommandLine): readonly SpanSpec[] {
  const spans = swapSpans(line);
  if (spans.length > 0) return spans;
  throw usageError("A swap needs --swap SPAN: the tokens whose state is replaced.", line.command);
}

function notForCondition(option: TextOption, kind: Kind, owners: readonly Kind[]): string {
  if (owners.length > 0) {
    return `--${option} belongs to the condition ${owners.join(", ")}, not to ${kind}.`;
  }
  return `--${option} belongs to the conditions random and shuffle, which are not in this version yet.`;
}
