/** Sets what the manifest's `when` clauses ask for. */
import type { Host } from "./host.ts";
import { contextKeys } from "./ids.ts";
import type { Disposable } from "./signal.ts";
import type { StoreState } from "./interventions/intervention-store.ts";

/** The keys' values for a state. */
export function contextValues(state: StoreState): Readonly<Record<keyof typeof contextKeys, boolean>> {
  return {
    hasResults: state.interventions.length > 0,
    isRunning: state.work !== null,
    hasSource: state.source !== null,
    hasTokens: state.tokens.length > 0,
  };
}

/** Keeps the keys true; a value that did not change is not set again. */
export function createContextKeys({ vs, store }: Pick<Host, "vs" | "store">): Disposable {
  const set = new Map<string, boolean>();
  const update = (state: StoreState): void => {
    const values = contextValues(state);
    for (const name of Object.keys(contextKeys) as (keyof typeof contextKeys)[]) {
      if (set.get(name) === values[name]) continue;
      set.set(name, values[name]);
      void vs.commands.executeCommand("setContext", contextKeys[name], values[name]);
    }
  };
  update(store.state);
  return store.changed.on(update);
}
