/** Sets what the manifest's `when` clauses ask for. */
import type { Host } from "./host.ts";
import { CONTEXT_KEYS } from "./ids.ts";
import type { Disposable } from "./signal.ts";
import type { StoreState } from "./interventions/intervention-store.ts";

/** The keys' values for a state. */
function contextValues(state: StoreState): Readonly<Record<keyof typeof CONTEXT_KEYS, boolean>> {
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
    for (const name of Object.keys(CONTEXT_KEYS) as (keyof typeof CONTEXT_KEYS)[]) {
      if (set.get(name) === values[name]) continue;
      set.set(name, values[name]);
      void vs.commands.executeCommand("setContext", CONTEXT_KEYS[name], values[name]);
    }
  };
  update(store.state);
  return store.changed.on(update);
}
