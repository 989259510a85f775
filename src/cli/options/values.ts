/** Values of options: numbers, ranges, lists of ids, choices, spans. Each refuses what it cannot read with one sentence. */
import { SwapError } from "../../shared/errors.ts";
import type { LayerRange } from "../../shared/experiment/experiment.ts";
import type { At } from "./option.ts";
import { usageError } from "./option.ts";

/** Reads a value. */
type Reader<V> = (text: string, at: At) => V;

/** A value that is taken as it is. */
export function asWritten(text: string): string {
  return text;
}

/**
 * A whole number within bounds, both included; without `most` there is no upper one.
 *
 * @throws SwapError `usage`
 */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Reader<number> {
  const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return (text, at) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw refused(`a whole number ${bounds}`, text, at);
  };
}

/**
 * A number within bounds, both included.
 *
 * @throws SwapError `usage`
 */
export function numberIn(least: number, most: number): Reader<number> {
  const form = least < 0 ? /^-?\d*\.?\d+(?:e-?\d+)?$/i : /^\d*\.?\d+(?:e-?\d+)?$/i;
  return (text, at) => {
    const value = Number(text);
    if (form.test(text) && value >= least && value <= most) return value;
    throw refused(`a number from ${least} to ${most}`, text, at);
  };
}

/**
 * One of several words.
 *
 * @throws SwapError `usage`
 */
export function choice<Choice extends string>(choices: readonly Choice[]): Reader<Choice> {
  return (text, at) => {
    const chosen = choices.find((known) => known === text);
    if (chosen !== undefined) return chosen;
    throw refused(choices.join(", "), text, at);
  };
}

const UNITS: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, MIB: 2 ** 20, GIB: 2 ** 30 };

/**
 * A size, `2GB` or `900 MiB`, in bytes.
 *
 * @throws SwapError `usage`
 */
export function bytes(text: string, at: At): number {
  const [, number, unit] = /^(\d*\.?\d+)\s*([MG]i?B)$/i.exec(text) ?? [];
  const size = Math.round(Number(number) * (UNITS[unit?.toUpperCase() ?? ""] ?? NaN));
  if (size > 0) return size;
  throw refused("a size such as 2GB or 900MiB", text, at);
}

/**
 * Token ids, `1,2,3`.
 *
 * @throws SwapError `usage`
 */
export function ids(text: string, { option, command }: At): readonly number[] {
  if (text.trim() === "") return [];
  return text.split(",").map((item) => {
    const id = Number(item);
    if (/^\s*\d+\s*$/.test(item) && Number.isSafeInteger(id)) return id;
    const sentence = `--${option} takes token ids with commas between, such as 1,2,3; ${JSON.stringify(item)} is none.`;
    throw usageError(sentence, command);
  });
}

/**
 * A range of k, `A..B` with both ends included, or one k.
 *
 * @throws SwapError `usage` when it cannot be read, `bad-layer-range` when it is empty
 */
export function layerRange(text: string, at: At): LayerRange {
  const match = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(text);
  if (!match) throw refused("a range of k such as 0..11 or one k such as 7", text, at);
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  if (from <= to) return { from, to };
  throw new SwapError(
    "bad-layer-range",
    `The layer range ${text} is empty.`,
    `The first k must not be above the last: write --${at.option} ${to}..${from}.`,
  );
}

function refused(wanted: string, text: string, { option, command }: At): SwapError {
  return usageError(`--${option} takes ${wanted}, not ${JSON.stringify(text)}.`, command);
}
