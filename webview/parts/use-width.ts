/** Measured width of an element, for what depends on pixels: tick labels, letters in cells. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** A ref to put on an element, and that element's content width in CSS pixels (0 before it is laid out). */
export function useWidth<E extends Element>(): [RefObject<E | null>, number] {
  const ref = useRef<E>(null);
  const observed = useRef<{ readonly element: E; readonly observer: ResizeObserver } | null>(null);
  const [width, setWidth] = useState(0);
  // After every drawing: the element may have come later than its owner, or be another one than before.
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === (observed.current?.element ?? null)) return;
    observed.current?.observer.disconnect();
    observed.current = null;
    if (!element) return;
    const observer = new ResizeObserver((entries) => {
      setWidth(entries.at(-1)?.contentRect.width ?? 0);
    });
    observer.observe(element);
    observed.current = { element, observer };
    setWidth(element.getBoundingClientRect().width);
  });
  useLayoutEffect(
    () => () => {
      observed.current?.observer.disconnect();
    },
    [],
  );
  return [ref, width];
}
