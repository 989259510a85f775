/** Parts of a snapshot that did not change keep their identity, so that what is drawn from them is not made again. */

/**
 * The next snapshot with every part that equals the one before replaced by that one.
 *
 * @param next a fresh structured clone, which is changed in place: nobody else holds it
 */
export function keepUnchanged<T>(before: T, next: T): T {
  return kept(before, next) as T;
}

function kept(before: unknown, next: unknown): unknown {
  if (Object.is(before, next)) return before;
  if (Array.isArray(before) && Array.isArray(next)) return keptList(before as unknown[], next as unknown[]);
  if (!isCompound(before) || !isCompound(next)) return next;
  const keys = Object.keys(next);
  let isSame = keys.length === Object.keys(before).length;
  for (const key of keys) {
    const value = kept(before[key], next[key]);
    next[key] = value;
    isSame &&= key in before && Object.is(value, before[key]);
  }
  return isSame ? before : next;
}

/** By index: lists hold the tens of thousands of numbers, whose indices as text would cost more than the comparison. */
function keptList(before: readonly unknown[], next: unknown[]): unknown {
  let isSame = next.length === before.length;
  for (let i = 0; i < next.length; i++) {
    const value = kept(before[i], next[i]);
    next[i] = value;
    isSame &&= Object.is(value, before[i]);
  }
  return isSame ? before : next;
}

function isCompound(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
