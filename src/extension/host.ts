/** What the modules of the extension share: the owners, and how to reach them. */
import type { ExtensionContext, LogOutputChannel } from "vscode";
import type { ChosenModel } from "./engine/chosen-model.ts";
import type { EngineSupervisor } from "./engine/supervisor.ts";
import type { ExportPages } from "./export-pages.ts";
import type { Hub } from "./models/hub-access.ts";
import type { ModelMemory } from "./models/model-memory.ts";
import type { Notices } from "./notices.ts";
import type { PlaceholderValues } from "./prompt/placeholder-values.ts";
import type { PromptRegister } from "./prompt/prompt-register.ts";
import type { RanModels } from "./models/ran-models.ts";
import type { SessionBook } from "./interventions/session-book.ts";
import type { Settings } from "./settings.ts";
import type { Reading } from "./prompt/reading.ts";
import type { Runner } from "./interventions/runner.ts";
import type { InterventionStore } from "./interventions/intervention-store.ts";
import type { VsCode } from "./vs.ts";

/** What looking at session files needs: no engine, no model, nothing of Node, so that a browser has it too. */
export interface ViewerHost {
  readonly vs: VsCode;
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly exportPages: ExportPages;
  readonly notices: Notices;
}

/** Everything that a module may need. */
export interface Host extends ViewerHost {
  readonly settings: () => Settings;
  readonly chosen: ChosenModel;
  readonly supervisor: EngineSupervisor;
  readonly modelMemory: ModelMemory;
  readonly hub: Hub;
  readonly prompts: PromptRegister;
  /** What stands for placeholders of prompts. */
  readonly values: PlaceholderValues;
  readonly store: InterventionStore;
  readonly runner: Runner;
  readonly sessions: SessionBook;
  readonly ranModels: RanModels;
  /** How prompts are read now. */
  readonly reading: () => Reading;
}
