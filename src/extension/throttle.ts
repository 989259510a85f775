/** Many changes, few drawings: runs a piece of work once for all calls within a time. */
import type { Disposable } from "./signal.ts";

/** Work that may be asked for often. */
export interface Throttled extends Disposable {
  /** Asks for the work; it runs `ms` milliseconds after the first call since it ran last. */
  request(): void;
}

/** Wraps work so that it runs at most once in `ms` milliseconds, always after the last request. */
export function throttled(work: () => void, ms: number): Throttled {
  let timer: NodeJS.Timeout | null = null;
  return {
    request: () => {
      timer ??= setTimeout(() => {
        timer = null;
        work();
      }, ms);
    },
    dispose: () => {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}

/** Wraps work so that it runs `ms` milliseconds after the last of the requests that follow each other closely. */
export function debounced(work: () => void, ms: number): Throttled {
  let timer: NodeJS.Timeout | null = null;
  const stop = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  return {
    request: () => {
      stop();
      timer = setTimeout(work, ms);
    },
    dispose: stop,
  };
}
