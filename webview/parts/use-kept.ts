/** What was pressed since the last drawing counts: two presses within a frame add up, though neither is drawn yet. */
import { useRef } from "preact/hooks";

/**
 * The newest of a value that is drawn as its owner says it. A handler counts from it, and not from what its own drawing
 * saw: the press before may have come within the same frame.
 *
 * @param drawn what this drawing shows
 * @returns the newest value, and a function to call with each that is sent to the owner; the next frame forgets it, for
 *   the user has then seen what the owner made of it
 */
export function useKept<T>(drawn: T): readonly [() => T, (next: T) => void] {
  const shown = useRef(drawn);
  const pressed = useRef<{ readonly value: T } | null>(null);
  shown.current = drawn;
  const newest = (): T => (pressed.current ? pressed.current.value : shown.current);
  const keep = (next: T): void => {
    if (!pressed.current) {
      requestAnimationFrame(() => {
        pressed.current = null;
      });
    }
    pressed.current = { value: next };
  };
  return [newest, keep];
}
