/** Sentences as parts: each says whose state or answer it names, so that a surface only chooses how to draw it. */
import type { Outcome } from "../experiment/outcome.ts";

/** A piece of a sentence. */
export interface Part {
  readonly text: string;
  /** Whose state or answer it names; null for plain words. */
  readonly side: Outcome | null;
  /** It stands out, as the run at the chosen k does. */
  readonly strong: boolean;
}

/** A piece that names one side's state or answer. */
export function part(text: string, side: Outcome | null = null, strong = false): Part {
  return { text, side, strong };
}

/**
 * A sentence with parts in its slots, in the order of the language that it is in.
 *
 * @param template with `{0}`, `{1}` …; comes from `l10n.t` without values
 */
export function sentence(
  template: string,
  ...slots: readonly (string | number | Part | readonly Part[])[]
): Part[] {
  // Texts and the numbers of slots take turns.
  return joined(template.split(/\{(\d+)\}/).map((piece, i) => (i % 2 === 0 ? piece : slots[Number(piece)]!)));
}

/** Pieces one after the other, `separator` between them. Neighbours that are drawn alike become one. */
export function joined(
  pieces: readonly (string | number | Part | readonly Part[])[],
  separator = "",
): Part[] {
  const parts: Part[] = [];
  const add = (next: Part): void => {
    const last = parts.at(-1);
    if (next.text === "") return;
    if (last?.side === next.side && last.strong === next.strong) {
      parts[parts.length - 1] = { ...last, text: last.text + next.text };
    } else parts.push(next);
  };
  pieces.forEach((piece, i) => {
    if (i > 0) add(part(separator));
    if (typeof piece === "string" || typeof piece === "number") add(part(String(piece)));
    else if ("text" in piece) add(piece);
    else piece.forEach(add);
  });
  return parts;
}

/** The words alone. */
export function textOf(parts: readonly Part[]): string {
  return parts.map(({ text }) => text).join("");
}
