/** What the user just set is shown at once; snapshots from before the host heard of it do not set it back. */
import { useEffect, useReducer, useRef } from "preact/hooks";
import type { Draft } from "./draft.ts";
import { afterHost, afterUser } from "./draft.ts";

/** How long the host may take; after that its own value counts again, for it may have refused. Milliseconds. */
const PATIENCE = 2000;

/** A value that the host owns and the user moves. */
export interface Optimistic<T> {
  /** What to draw: the user's value until the host has confirmed it or has said another, the host's else. */
  readonly shown: T;
  /**
   * The value that the next key or pointer event counts from. Handlers must not count from `shown`: the event before may
   * have come within the same frame, so that what it set is not drawn yet.
   */
  readonly newest: () => T;
  /** Sets it; with `held` the hand is still on it, and the host hears of it (and may answer) only after the next call. */
  readonly show: (next: T, held?: boolean) => void;
  /** Takes the host's value again. */
  readonly forget: () => void;
}

/**
 * The one owner of a value that is set here and kept by the host.
 *
 * @param value the host's, from the latest snapshot
 * @param isSame whether two values are the same
 */
export function useOptimistic<T>(value: T, isSame: (a: T, b: T) => boolean): Optimistic<T> {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const heard = useRef(value);
  const draft = useRef<Draft<T> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  // While drawing, not in an effect: an effect runs after the frame, and would undo a key that came before it.
  if (!isSame(heard.current, value)) draft.current = draft.current && afterHost(draft.current, value, isSame);
  heard.current = value;
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  const newest = (): T => (draft.current ? draft.current.value : heard.current);
  const forget = (): void => {
    clearTimeout(timer.current);
    draft.current = null;
    redraw(undefined);
  };
  const show = (next: T, held = false): void => {
    clearTimeout(timer.current);
    draft.current = afterUser(draft.current, next, held);
    if (!held) timer.current = setTimeout(forget, PATIENCE);
    redraw(undefined);
  };
  return { shown: newest(), newest, show, forget };
}
