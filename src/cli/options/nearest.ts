/** The name that somebody meant who wrote another. */

/** Letters that may differ, for each so many letters of the name. */
const LETTERS_A_SLIP = 3;

/** The nearest of some names; null when none is near. */
export function nearest(written: string, names: readonly string[]): string | null {
  const [best] = names
    .map((name) => ({ name, slips: slipsBetween(written, name) }))
    .filter(({ name, slips }) => slips <= Math.ceil(name.length / LETTERS_A_SLIP))
    .sort((a, b) => a.slips - b.slips);
  return best?.name ?? null;
}

/** Letters to put in, take out or change until one word is the other (Levenshtein). */
function slipsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}
