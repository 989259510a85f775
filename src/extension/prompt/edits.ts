/** Keeps a place in a document through edits. */
import type { DeclaredPrompt } from "./locate-prompt.ts";

/** One replaced stretch of a document, UTF-16 units. */
export interface Edit {
  readonly offset: number;
  readonly removed: number;
  readonly inserted: number;
}

/**
 * A place after an edit. Text inserted at either end belongs to the place (a paragraph grows at its ends); what is
 * removed takes the ends along.
 */
export function shifted(place: DeclaredPrompt, { offset, removed, inserted }: Edit): DeclaredPrompt {
  const removedEnd = offset + removed;
  const move = (at: number, isEnd: boolean): number => {
    if (at < offset || (at === offset && !isEnd)) return at;
    if (at >= removedEnd) return at + inserted - removed;
    return isEnd ? offset + inserted : offset;
  };
  return { start: move(place.start, false), end: move(place.end, true) };
}

/**
 * Where an offset of an old text is in the new one, for an edit that replaced one stretch between a common beginning and
 * a common end. Null for offsets inside the replaced stretch.
 */
export function carriedOver(before: string, after: string): (offset: number) => number | null {
  const shortest = Math.min(before.length, after.length);
  let head = 0;
  while (head < shortest && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shortest - head && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail++;
  const moved = after.length - before.length;
  return (offset) => {
    if (offset <= head) return offset;
    return offset >= before.length - tail ? offset + moved : null;
  };
}
