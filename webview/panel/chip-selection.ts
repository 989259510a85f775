/** Which tokens a click or key chooses, and which chips of a long prompt are shown. Pure. */

/** All positions between two, both included, ascending. */
export function span(from: number, to: number): number[] {
  const first = Math.min(from, to);
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, offset) => first + offset);
}

/**
 * The choice after a press on a chip.
 *
 * @param chosen positions chosen before, ascending
 * @param anchor where the last plain press was; a press with `extend` reaches from there
 */
export function pressed(
  chosen: readonly number[],
  position: number,
  anchor: number | null,
  modifiers: { readonly extend: boolean; readonly toggle: boolean },
): readonly number[] {
  if (modifiers.extend) return span(anchor ?? chosen[0] ?? position, position);
  if (!modifiers.toggle) return [position];
  const others = chosen.filter((other) => other !== position);
  return others.length < chosen.length ? others : [...chosen, position].sort((a, b) => a - b);
}

/** A stretch of chips that is shown, or one that is folded away. */
export interface ChipRun {
  readonly from: number;
  /** Last position, included. */
  readonly to: number;
  readonly folded: boolean;
}

/** Prompts up to this length are always shown whole. */
const SHOWN_WHOLE = 90;
const ENDS_SHOWN = 12;
const AROUND_CHOSEN = 8;

/**
 * Folds a long prompt to its start, its end and the surroundings of the chosen tokens; short gaps stay open.
 *
 * @param length number of tokens
 */
export function foldChips(length: number, chosen: readonly number[], unfolded: boolean): readonly ChipRun[] {
  if (length === 0) return [];
  if (unfolded || length <= SHOWN_WHOLE) return [{ from: 0, to: length - 1, folded: false }];
  const near = (position: number): boolean =>
    position < ENDS_SHOWN ||
    position >= length - ENDS_SHOWN ||
    chosen.some((other) => Math.abs(other - position) <= AROUND_CHOSEN);
  const runs: ChipRun[] = [];
  for (let position = 0; position < length; position++) {
    const folded = !near(position);
    const last = runs.at(-1);
    if (last?.folded === folded) runs[runs.length - 1] = { ...last, to: position };
    else runs.push({ from: position, to: position, folded });
  }
  return runs.map((run) => (run.to - run.from < 3 ? { ...run, folded: false } : run));
}

/** True when a prompt is long enough to be folded. */
export function isFoldable(length: number): boolean {
  return length > SHOWN_WHOLE;
}
