/** Runs of numbers, and their text. */

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

/** A range of k or of seeds: `0–23`, or `7` for a single one. */
export function rangeText(from: number, to: number): string {
  return from === to ? String(from) : `${from}–${to}`;
}

/** Token positions as `--swap` and `--positions` read them: `@21..22`, or `@21` for a single one. */
export function placeText({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? `@${from}` : `@${from}..${to}`;
}
