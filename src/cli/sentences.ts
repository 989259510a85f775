/** Conditions and outcomes in words. */
import type { Condition, Experiment, Prompt } from "../shared/experiment.ts";
import { replacedPositions, sourcePositionsOf } from "../shared/experiment.ts";
import type { Outcome } from "../shared/outcome.ts";
import { OUTCOME_LETTER, rangeText, verdict } from "../shared/outcome.ts";
import type { SweepRow } from "../shared/result.ts";
import { bestOf } from "./results.ts";
import { shownText } from "./text-width.ts";

/** What a sweep does: `state of '␣Italy' @2 → '␣France' @21, before block k`. */
export function actionOf({ target, source, condition }: Experiment): { label: string; sentence: string } {
  switch (condition.kind) {
    case "swap": {
      const from = places(source ?? target, sourcePositionsOf(condition));
      const to = places(target, replacedPositions(condition));
      const how = condition.align === null ? "" : ` (align ${condition.align})`;
      return { label: "swap", sentence: `state of ${from} → ${to}, before block k${how}` };
    }
    case "identity": {
      const at = places(target, condition.positions);
      return { label: "identity", sentence: `each state replaced by itself at ${at}, before block k` };
    }
    case "vectors": {
      const at = places(target, replacedPositions(condition));
      return { label: "vectors", sentence: `given vectors put at ${at}, before block k` };
    }
  }
}

/** Positions with their tokens' text: `'␣Italy' @2`, `'␣France␣is' @21..22`. */
export function places(prompt: Prompt, positions: readonly number[]): string {
  return runsOf(positions)
    .map(({ from, to }) => {
      const text = shownText(prompt.tokens.slice(from, to + 1).join(""));
      return to - from > 5 ? `@${from}..${to}` : `'${text}' @${from === to ? from : `${from}..${to}`}`;
    })
    .join(", ");
}

/** What a sweep showed, in one sentence. */
export function conclusion(condition: Condition, rows: readonly SweepRow[], blocks: number): string {
  const told = rows.map((row) => ({ k: row.k, outcome: row.outcome, answer: shownAnswer(row) }));
  const onlyTarget = rows.every((row) => row.outcome === "target");
  switch (condition.kind) {
    case "swap":
      return verdict(told, blocks);
    case "identity":
      return onlyTarget
        ? `Identity changes nothing for k ${rangeText(rows[0]!.k, rows.at(-1)!.k)}, as it must.`
        : verdict(told, blocks);
    case "vectors":
      // Vectors need not have a row for every k: a sentence on ranges of k would speak of rows that never ran.
      return outcomeCounts(rows);
  }
}

function outcomeCounts(rows: readonly SweepRow[]): string {
  const outcomes: readonly Outcome[] = ["source", "target", "neither"];
  const parts = outcomes.flatMap((outcome) => {
    const ks = [...new Set(rows.filter((row) => row.outcome === outcome).map((row) => row.k))];
    if (ks.length === 0) return [];
    const ranges = runsOf(ks).map(({ from, to }) => rangeText(from, to));
    return [`${outcome} (${OUTCOME_LETTER[outcome]}) for k ${ranges.join(", ")}`];
  });
  return `${rows.length} row${rows.length === 1 ? "" : "s"}: ${parts.join("; ")}.`;
}

/** The k of a swap at which the put-in states equal the replaced ones, in words; null when there is none. */
export function emptySwapWarning(condition: Condition, rows: readonly SweepRow[]): string | null {
  if (condition.kind !== "swap") return null;
  const ks = rows.filter((row) => row.deltaNorm === 0).map((row) => row.k);
  if (ks.length === 0) return null;
  const ranges = runsOf(ks).map(({ from, to }) => rangeText(from, to));
  return `The put-in states equal the replaced ones (‖Δh‖ = 0) for k ${ranges.join(", ")}: nothing was swapped there.`;
}

/** Ascending numbers as runs without gaps. */
export function runsOf(numbers: readonly number[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && number === last.to + 1) last.to = number;
    else runs.push({ from: number, to: number });
  }
  return runs;
}

function shownAnswer(row: SweepRow): string {
  const { text } = bestOf(row.top);
  // A word stands as it is; punctuation would be lost in a sentence without quotes.
  if (/^\s*[\p{L}\p{N}]/u.test(text)) return shownText(text.trim());
  return `'${shownText(text)}'`;
}
