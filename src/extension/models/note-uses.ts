/** Notes which model a document's prompts were run with, once a run is complete. */
import type { Host } from "../host.ts";
import { choiceName } from "../engine/model-choice.ts";
import type { Disposable } from "../signal.ts";

/** Follows the store; each run is noted once. */
export function noteModelUses(host: Pick<Host, "store" | "prompts" | "chosen" | "modelMemory">): Disposable {
  const { store, prompts, chosen, modelMemory } = host;
  let noted = 0;
  return store.changed.on(({ interventions }) => {
    for (const { sweep } of interventions) {
      if (sweep?.state !== "complete" || sweep.run <= noted) continue;
      noted = sweep.run;
      const { promptId, reading } = sweep.inputs.target;
      const known = promptId === null ? null : prompts.get(promptId);
      const { current } = chosen;
      // Another model may have been chosen while the last rows came.
      if (!known || current?.path !== reading.modelKey) continue;
      const path = current.embedded ? "" : current.path;
      void modelMemory.noteUse(known.uri, { path, name: choiceName(current) });
    }
  });
}
