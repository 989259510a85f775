/** Notes which model a document's prompts were run with, once a run is complete. */
import type { ChosenModel } from "../engine/chosen-model.ts";
import { choiceName } from "../engine/model-choice.ts";
import type { InterventionStore } from "../interventions/intervention-store.ts";
import type { PromptRegister } from "../prompt/prompt-register.ts";
import type { Disposable } from "../signal.ts";
import type { ModelMemory } from "./model-memory.ts";

/** Follows the store; each run is noted once. */
export function noteModelUses({
  store,
  prompts,
  chosen,
  modelMemory,
}: {
  store: InterventionStore;
  prompts: PromptRegister;
  chosen: ChosenModel;
  modelMemory: ModelMemory;
}): Disposable {
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
