/** A value that the user set and the host has not confirmed: what becomes of it with each key and each snapshot. Pure. */

/** What is shown in place of the host's value. */
export interface Draft<T> {
  readonly value: T;
  /** The hand is still on it: the host has not been told. */
  readonly held: boolean;
  /** What the host was told and has not said back, oldest first. */
  readonly told: readonly T[];
}

/** The draft after the user set a value. */
export function afterUser<T>(draft: Draft<T> | null, value: T, held: boolean): Draft<T> {
  const told = draft?.told ?? [];
  return { value, held, told: held ? told : [...told, value] };
}

/**
 * The draft after the host's value changed; null when the host's is to be shown.
 *
 * The host answers in order and may leave answers out: one to an older value leaves the newer ones standing. A value that
 * it was never told is its own word, and stands.
 */
export function afterHost<T>(draft: Draft<T>, value: T, isSame: (a: T, b: T) => boolean): Draft<T> | null {
  const at = draft.told.findIndex((one) => isSame(one, value));
  const told = at === -1 ? [] : draft.told.slice(at + 1);
  return told.length === 0 && !draft.held ? null : { ...draft, told };
}
