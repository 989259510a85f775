/** The one owner of what a page itself keeps: scroll, folds, chosen metric. It survives hiding the page. */
import { useCallback, useRef, useState } from "preact/hooks";

/** Where a page keeps a value across hiding. */
interface Keeper {
  getState(): unknown;
  setState(state: unknown): void;
}

/** Changes parts of a state; parts that are made from the state are made from the newest one. */
export type Change<S> = (part: Partial<S> | ((newest: S) => Partial<S>)) => void;

/**
 * The state as it is drawn, a function that changes it, and one that keeps a change without drawing again.
 *
 * @param read makes a state from what was kept, and from nothing
 */
export function useUiState<S>(
  host: Keeper,
  read: (kept: unknown) => S,
): readonly [S, Change<S>, (part: Partial<S>) => void] {
  const [state, setState] = useState<S>(() => read(host.getState()));
  const newest = useRef(state);
  const keep = useCallback(
    (part: Partial<S>) => {
      newest.current = { ...newest.current, ...part };
      host.setState(newest.current);
    },
    [host],
  );
  const change = useCallback<Change<S>>(
    (part) => {
      keep(typeof part === "function" ? part(newest.current) : part);
      setState(newest.current);
    },
    [keep],
  );
  return [state, change, keep];
}
