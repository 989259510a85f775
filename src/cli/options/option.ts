/** What an option of the command line declares of itself: parser, refusals, help and documentation are read from it. */
import type { ConditionKind } from "../../shared/condition/condition.ts";
import type { Takes } from "../../shared/condition/descriptor.ts";
import { SwapError } from "../../shared/errors.ts";

/** One option as it is written. */
export interface Spelling {
  /** Without its dashes. */
  readonly name: string;
  /** One letter, without its dash. */
  readonly short?: string;
  /** What stands for its value in help and documentation: `A..B`; absent for an option without a value. */
  readonly value?: string;
  /** What it does, and what holds without it. A line break in it is kept. */
  readonly help: string;
  readonly isRepeatable?: true;
  /** Which conditions it belongs to, by what they take; absent: to all. */
  readonly takenBy?: (takes: Takes) => boolean;
  /** An option without which it means nothing. */
  readonly needs?: string;
}

/** What was written: the values of each option in their order, an empty list for one without a value. */
export type Given = ReadonlyMap<string, readonly string[]>;

/** What decides how options are read and refused. */
export interface Place {
  readonly command: string;
  readonly condition: ConditionKind;
}

/** One thing that a command is told, `V`, by one option or by several that are read together. */
export interface Field<V> {
  readonly spellings: readonly Spelling[];
  /** @throws SwapError in a sentence that names the option */
  readonly read: (given: Given, place: Place) => V;
}

/** A part of a command's options, as they stand in its help; the keys are the names under which the command reads them. */
export interface Section<F extends Fields = Fields> {
  readonly title: string;
  readonly fields: F;
  /** Lines below the options. */
  readonly note?: string;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What a command gets of its fields. */
export type Values<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] extends Field<infer V> ? V : never;
};

/** Where a value stands: its option without dashes, and the command. */
export interface At extends Place {
  readonly option: string;
}

/** An option with a value, and how the value is read. */
interface Valued<V> extends Spelling {
  readonly value: string;
  readonly read: (text: string, at: At) => V;
}

/** An option without a value. */
export function flag(spelling: Spelling): Field<boolean> {
  return { spellings: [spelling], read: (given) => given.has(spelling.name) };
}

/** An option with a value; null, or what `absent` says, when it is not given. */
export function option<V>(declared: Valued<V> & { readonly absent: V }): Field<V>;
export function option<V>(declared: Valued<V>): Field<V | null>;
export function option<V>(declared: Valued<V> & { readonly absent?: V }): Field<V | null> {
  return {
    spellings: [declared],
    read: (given, place) => {
      const text = textOf(given, declared.name);
      if (text === null) return declared.absent ?? null;
      return declared.read(text, { ...place, option: declared.name });
    },
  };
}

/** An option that may be given several times; the values in their order. */
export function repeated<V>(declared: Valued<readonly V[]>): Field<readonly V[]> {
  return {
    spellings: [{ ...declared, isRepeatable: true }],
    read: (given, place) =>
      (given.get(declared.name) ?? []).flatMap((text) =>
        declared.read(text, { ...place, option: declared.name }),
      ),
  };
}

/**
 * One of several options, each of which tells the whole; null when none is given.
 *
 * @param shared what they have in common, for the refusal of two: `both give the target prompt`
 */
export function oneOf<V>(shared: string, fields: readonly Field<V | null>[]): Field<V | null> {
  const spellings = fields.flatMap((field) => field.spellings);
  return {
    spellings,
    read: (given, place) => {
      const [first, second] = spellings.filter(({ name }) => given.has(name));
      if (first && second) {
        const both = `--${first.name} and --${second.name} exclude each other: ${shared}.`;
        throw usageError(both, place.command);
      }
      return fields.map((field) => field.read(given, place)).find((value) => value !== null) ?? null;
    },
  };
}

/** A field that has to be given; `sentence` says what is missing. */
export function needed<V>(field: Field<V | null>, sentence: (place: Place) => string): Field<V> {
  return {
    ...field,
    read: (given, place) => {
      const value = field.read(given, place);
      if (value === null) throw usageError(sentence(place), place.command);
      return value;
    },
  };
}

/** A field that has to be given with some conditions: those for which there is a sentence. */
export function neededAt<V>(field: Field<V>, sentence: (place: Place) => string | null): Field<V> {
  return {
    ...field,
    read: (given, place) => {
      const missing = field.spellings.some(({ name }) => given.has(name)) ? null : sentence(place);
      if (missing !== null) throw usageError(missing, place.command);
      return field.read(given, place);
    },
  };
}

/** The value of an option, or null. */
export function textOf(given: Given, name: string): string | null {
  return given.get(name)?.[0] ?? null;
}

/** A wrong use of the command line: exit code 2, and where to read on. */
export function usageError(message: string, command: string | null, hint = ""): SwapError {
  const help = `See state-swap ${command === null ? "" : `${command} `}--help.`;
  return new SwapError("usage", message, hint === "" ? help : `${hint} ${help}`);
}
