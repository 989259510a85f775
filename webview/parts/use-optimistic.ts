/** What the user just set is shown at once; snapshots from before the host heard of it do not set it back. */
import { useEffect, useRef, useState } from "preact/hooks";

/** How long the host may take; after that its own value counts again, for it may have refused. Milliseconds. */
const PATIENCE = 1000;

/**
 * A value that the host owns and the user moves.
 *
 * @param value the host's, from the latest snapshot
 * @param isSame whether two values are the same
 * @returns the value to show, and a function that shows another: until the host confirms it, or with `held` (the hand
 *   is still on it) until the next call
 */
export function useOptimistic<T>(
  value: T,
  isSame: (a: T, b: T) => boolean,
): readonly [T, (next: T, held?: boolean) => void] {
  const [draft, setDraft] = useState<{ readonly value: T; readonly held: boolean } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const isConfirmed = draft !== null && !draft.held && isSame(draft.value, value);
  useEffect(() => {
    if (isConfirmed) setDraft(null);
  }, [isConfirmed]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  const show = (next: T, held = false): void => {
    clearTimeout(timer.current);
    setDraft({ value: next, held });
    if (held) return;
    timer.current = setTimeout(() => {
      setDraft(null);
    }, PATIENCE);
  };
  return [draft ? draft.value : value, show];
}
