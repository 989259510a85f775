/** Events without an editor: a list of listeners that stores and the supervisor fire. */

/** Whatever ends something. */
export interface Disposable {
  dispose(): void;
}

/** One kind of event. */
export class Signal<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Calls the listeners in the order in which they were added. */
  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  on(listener: (value: T) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }
}
