/** Values of options: numbers, ranges, lists of ids, choices. Each refuses what it cannot read with one sentence. */
import { SwapError } from "../../shared/errors.ts";
import type { LayerRange } from "../../shared/experiment/experiment.ts";
import type { CommandLine, TextOption } from "./args.ts";
import { textOf, usageError } from "./args.ts";

/**
 * A whole number of at least 1.
 *
 * @throws SwapError `usage`
 */
export function countOption(line: CommandLine, option: TextOption): number | null {
  const text = textOf(line, option);
  if (text === null) return null;
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || !Number.isSafeInteger(count)) {
    throw usageError(
      `--${option} takes a whole number of at least 1, not ${JSON.stringify(text)}.`,
      line.command,
    );
  }
  return count;
}

/**
 * A whole number within bounds, both included.
 *
 * @throws SwapError `usage`
 */
export function wholeOption(
  line: CommandLine,
  option: TextOption,
  least: number,
  most: number,
): number | null {
  const text = textOf(line, option);
  if (text === null) return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw usageError(`--${option} takes a whole number ${bounds}, not ${JSON.stringify(text)}.`, line.command);
}

/**
 * A share, 0..1.
 *
 * @throws SwapError `usage`
 */
export function shareOption(line: CommandLine, option: TextOption): number | null {
  const text = textOf(line, option);
  if (text === null) return null;
  const value = Number(text);
  if (/^\d*\.?\d+(?:e-?\d+)?$/i.test(text) && value >= 0 && value <= 1) return value;
  throw usageError(`--${option} takes a number from 0 to 1, not ${JSON.stringify(text)}.`, line.command);
}

/**
 * One of several words.
 *
 * @throws SwapError `usage`
 */
export function choiceOption<Choice extends string>(
  line: CommandLine,
  option: TextOption,
  choices: readonly Choice[],
): Choice | null {
  const text = textOf(line, option);
  if (text === null) return null;
  const choice = choices.find((known) => known === text);
  if (choice !== undefined) return choice;
  throw usageError(`--${option} takes ${choices.join(", ")}, not ${JSON.stringify(text)}.`, line.command);
}

/**
 * Token ids, `1,2,3`.
 *
 * @throws SwapError `usage`
 */
export function idsOption(line: CommandLine, option: TextOption): readonly number[] | null {
  const text = textOf(line, option);
  if (text === null) return null;
  if (text.trim() === "") return [];
  return text.split(",").map((item) => {
    const id = Number(item);
    if (!/^\s*\d+\s*$/.test(item) || !Number.isSafeInteger(id)) {
      throw usageError(
        `--${option} takes token ids with commas between, such as 1,2,3; ${JSON.stringify(item)} is none.`,
        line.command,
      );
    }
    return id;
  });
}

/**
 * A range of k, `A..B` with both ends included, or one k.
 *
 * @throws SwapError `usage` when it cannot be read, `bad-layer-range` when it is empty
 */
export function layersOption(line: CommandLine): LayerRange | null {
  const text = textOf(line, "layers");
  if (text === null) return null;
  const match = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(text);
  if (!match) {
    throw usageError(
      `--layers takes a range of k such as 0..11 or one k such as 7, not ${JSON.stringify(text)}.`,
      line.command,
    );
  }
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  if (from > to) {
    throw new SwapError(
      "bad-layer-range",
      `The layer range ${text} is empty.`,
      `The first k must not be above the last: write --layers ${to}..${from}.`,
    );
  }
  return { from, to };
}
