/** Options that say what is put where: the condition, its tokens, its numbers. Spans are read here, looked up later. */
import type { ConditionKind } from "../../shared/condition/condition.ts";
import { CONDITION_KINDS, descriptorOf, OWN_NUMBERS } from "../../shared/condition/condition.ts";
import { INITIAL_CHOICE, MOST_SEEDS } from "../../shared/condition/condition-choice.ts";
import type { Takes } from "../../shared/condition/descriptor.ts";
import type { OwnValues } from "../../shared/condition/own-number.ts";
import type { Alignment, VectorsEntry } from "../../shared/condition/parts.ts";
import { parseVectors } from "../../shared/condition/vectors-file.ts";
import type { SpanSpec } from "../../shared/prompt/span-syntax.ts";
import { parseSpan, parseSpanList } from "../../shared/prompt/span-syntax.ts";
import { readBytes } from "../files.ts";
import type { Field, Given, Place, Section, Spelling } from "./option.ts";
import { flag, needed, neededAt, option, repeated, textOf, usageError } from "./option.ts";
import { choice, layerRange, numberIn, whole } from "./values.ts";

/** A vectors file, read; whether it fits the model is checked by the engine. */
interface VectorsInput {
  readonly file: string;
  readonly entries: readonly VectorsEntry[];
}

const MOST_SEED = 2 ** 31 - 1;
const ALL_BUT_LAST = "all-but-last";

const takesSource = ({ source }: Takes): boolean => source;
const takesSeeds = ({ seeds }: Takes): boolean => seeds;

const SPAN_NOTE = `SPAN  France (must occur once), France#2 (second occurrence), @21 (token index), @21..23 (ends included);
      @-1 or @last is the last token, @-3..-1 the last three;
      where a text looks like an index or an occurrence: \\@21, C\\#2`;

const withSpan = option<SpanSpec>({
  name: "with",
  value: "SPAN",
  help: "tokens of the source prompt whose state is put in",
  read: parseSpan,
  takenBy: takesSource,
});

const withMissing = "A swap needs --with SPAN: the tokens that the state comes from.";

const sourceLayer = option<number>({
  name: "source-layer",
  value: "K",
  help: "the source's state before layer K at every k; default locked to k",
  read: whole(0),
  takenBy: takesSource,
});

const strength = option<number>({
  name: "strength",
  value: "S",
  help: "0..1: (1 - S) * replaced + S * put in; default 1",
  read: numberIn(0, 1),
  absent: INITIAL_CHOICE.strength,
  takenBy: (takes) => takes.strength,
});

const layers = option({
  name: "layers",
  value: "A..B",
  help: "k from A to B, both included, or one k; default all",
  read: layerRange,
});

/** A condition at its tokens, over a range of k. */
export const CONDITION = {
  title: "What is put where",
  note: SPAN_NOTE,
  fields: {
    condition: conditionField(
      [
        "what is put in place of the states; default swap",
        ...CONDITION_KINDS.map((kind) => `${kind}: ${descriptorOf(kind).help}`),
      ].join("\n"),
      (kind) => kind,
    ),
    swap: neededAt(
      repeated<SpanSpec>({
        name: "swap",
        value: "SPAN",
        help: "tokens of the target prompt whose state is replaced; may be repeated",
        read: (text) => [parseSpan(text)],
        takenBy: takesSource,
      }),
      ({ condition }) =>
        takesSource(descriptorOf(condition).takes)
          ? "A swap needs --swap SPAN: the tokens whose state is replaced."
          : null,
    ),
    with: neededAt(withSpan, ({ condition }) =>
      takesSource(descriptorOf(condition).takes) ? withMissing : null,
    ),
    align: option<Alignment>({
      name: "align",
      value: "last|each|mean",
      help: "for spans of several tokens; without it unequal lengths are refused",
      read: choice(["last", "each", "mean"]),
      takenBy: takesSource,
    }),
    sourceLayer,
    positions: positionsField({
      name: "positions",
      value: "SPAN",
      help: `which tokens, also as a list, @1,3,5..7; may be repeated; default ${ALL_BUT_LAST}`,
      isRepeatable: true,
      takenBy: ({ places }) => places === "rule",
    }),
    excludeBos: flag({
      name: "exclude-bos",
      help: "leaves a beginning-of-sequence token as it is",
      takenBy: ({ places }) => places === "rule" || places === "chosen",
    }),
    seed: option<number>({
      name: "seed",
      value: "N",
      help: "first seed; default 0",
      read: whole(0, MOST_SEED),
      absent: INITIAL_CHOICE.seed,
      takenBy: takesSeeds,
    }),
    seeds: option<number>({
      name: "seeds",
      value: "N",
      help: `how many seeds, at most ${MOST_SEEDS}: a band; default 1`,
      read: whole(1, MOST_SEEDS),
      absent: INITIAL_CHOICE.seeds,
      takenBy: takesSeeds,
    }),
    strength,
    numbers: ownNumbersField(),
    vectors: neededAt(
      option<VectorsInput>({
        name: "vectors",
        value: "F",
        help: 'JSON {"k": 3, "positions": [0, 1], "vectors": [[…], […]]}, or a list of such',
        read: (file) => ({ file, entries: parseVectors(readBytes(file, "vectors").toString("utf8"), file) }),
        takenBy: ({ places }) => places === "given",
      }),
      ({ condition }) =>
        descriptorOf(condition).takes.places === "given"
          ? `The condition ${condition} needs --vectors F.`
          : null,
    ),
    layers,
  },
} satisfies Section;

/** One state, put at each position in turn. */
export const GRID = {
  title: "What is put in",
  note: SPAN_NOTE,
  fields: {
    with: needed(withSpan, () => withMissing),
    swap: repeated<SpanSpec>({
      name: "swap",
      value: "SPAN",
      help: "tokens of the target prompt whose swap at the smallest k names the source answer; may be repeated",
      read: (text) => [parseSpan(text)],
    }),
    condition: conditionField("swap, the only one that a grid has", (kind, { command }) => {
      if (kind === "swap") return kind;
      throw usageError("A grid has one condition: swap.", command);
    }),
    align: option<"last" | "mean">({
      name: "align",
      value: "last|mean",
      help: "for a source span of several tokens: its last state, or the mean",
      read: (text, at) => {
        const align = choice(["last", "each", "mean"])(text, at);
        if (align !== "each") return align;
        const sentence = "A grid puts one state at one position: --align takes last or mean here.";
        throw usageError(sentence, at.command);
      },
    }),
    sourceLayer,
    strength,
    layers,
  },
} satisfies Section;

/**
 * The condition of a line: what belongs to it and what does not hangs on it, so that it is read before everything else.
 *
 * @throws SwapError `usage`
 */
export function conditionOf(given: Given, command: string): ConditionKind {
  const text = textOf(given, "condition") ?? INITIAL_CHOICE.kind;
  const kind = CONDITION_KINDS.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw usageError(
    `There is no condition ${JSON.stringify(text)}.`,
    command,
    `The conditions are ${CONDITION_KINDS.join(", ")}.`,
  );
}

function conditionField<Kind>(
  help: string,
  allowed: (kind: ConditionKind, place: Place) => Kind,
): Field<Kind> {
  return {
    spellings: [{ name: "condition", value: "C", help }],
    read: (_, place) => allowed(place.condition, place),
  };
}

/** Numbers of single conditions, each an option of its key. */
function ownNumbersField(): Field<OwnValues> {
  const options = OWN_NUMBERS.map(({ key, least, most, initial, help }) =>
    option<number>({
      name: key,
      value: "N",
      help: `${help}, ${least} to ${most}; default ${initial}`,
      read: numberIn(least, most),
      takenBy: ({ numbers }) => numbers.some((one) => one.key === key),
    }),
  );
  return {
    spellings: options.flatMap(({ spellings }) => spellings),
    read: (given, place) => {
      const values = options.map((one, i) => [OWN_NUMBERS[i]!.key, one.read(given, place)] as const);
      return Object.fromEntries(values.flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
    },
  };
}

/** Spans; none for all tokens but the last. */
function positionsField(spelling: Spelling): Field<readonly SpanSpec[]> {
  return {
    spellings: [spelling],
    read: (given, { command }) => {
      const texts = given.get(spelling.name) ?? [];
      const named = texts.filter((text) => text !== ALL_BUT_LAST);
      if (named.length === 0 || named.length === texts.length) return named.flatMap(parseSpanList);
      const sentence = `--positions ${ALL_BUT_LAST} stands alone: it is all tokens but the last.`;
      throw usageError(sentence, command);
    },
  };
}
