/** Wires the owners and the modules together, for any editor that looks like VS Code. */
import * as path from "node:path";
import type { ExtensionContext } from "vscode";
import { defaultThreads } from "../engine/model/threads.ts";
import { hubHost } from "../shared/protocol/hub.ts";
import { setLanguage } from "../shared/text/language.ts";
import { createCommandRunner } from "./commands/module.ts";
import type { CommandRunner } from "./commands/register.ts";
import { createTokenRefresh } from "./commands/prompt-commands.ts";
import { createContextKeys } from "./context-keys.ts";
import { ChosenModel, tokenizerFor } from "./engine/chosen-model.ts";
import { modelKeyOf } from "./engine/model-choice.ts";
import { sayFallback } from "./engine/say-fallback.ts";
import { EngineSupervisor } from "./engine/supervisor.ts";
import { sayWrongTarget } from "./engine/wrong-target.ts";
import { ExportPages } from "./export-pages.ts";
import type { Host } from "./host.ts";
import { PANEL_VIEW_ID, SETTING_KEYS, SETTING_SECTION } from "./ids.ts";
import { createHoverModule } from "./marks/hover.ts";
import { createLensModule } from "./marks/lens.ts";
import { createMarksModule } from "./marks/module.ts";
import { createAdmission } from "./models/admission.ts";
import type { Hub } from "./models/hub-access.ts";
import { ModelMemory } from "./models/model-memory.ts";
import { noteModelUses } from "./models/note-uses.ts";
import { Notices } from "./notices.ts";
import { createPanelModule } from "./panel/module.ts";
import { PlaceholderValues } from "./prompt/placeholder-values.ts";
import { PromptRegister } from "./prompt/prompt-register.ts";
import { trackDocuments } from "./prompt/track-documents.ts";
import { createSessionsModule } from "./sessions/module.ts";
import { RanModels } from "./models/ran-models.ts";
import { SessionBook } from "./interventions/session-book.ts";
import { readSettings } from "./settings.ts";
import type { Disposable } from "./signal.ts";
import { createStatusBar } from "./status-bar.ts";
import type { Reading } from "./prompt/reading.ts";
import { relabelled } from "./interventions/relabel.ts";
import { Runner } from "./interventions/runner.ts";
import { InterventionStore } from "./interventions/intervention-store.ts";
import type { VsCode } from "./vs.ts";
import { workspaceLimit } from "./workspace.ts";

/**
 * Builds everything; all of it ends with the context's subscriptions.
 *
 * @returns what does the commands
 */
export function createExtension(vs: VsCode, context: ExtensionContext): CommandRunner {
  setLanguage({ tag: vs.env.language, texts: vs.l10n.bundle ?? {} });
  const log = vs.window.createOutputChannel("State Swap", { log: true });
  const settings = () => readSettings(vs.workspace.getConfiguration(SETTING_SECTION), vs.workspace.isTrusted);
  const store = new InterventionStore();
  const notices = new Notices(
    vs,
    (text) => {
      log.error(text);
    },
    // The newest one is what is wrong, whether it came from a run or before one.
    (error) => {
      store.set({ error });
    },
  );
  const modelMemory = new ModelMemory(context.workspaceState);
  const hub: Hub = {
    vs,
    get host() {
      return hubHost(settings().hub, process.env);
    },
    secrets: context.secrets,
    cache: path.join(context.globalStorageUri.fsPath, "models"),
    process: () => ({
      script: context.asAbsolutePath("dist/hub.mjs"),
      execPath: settings().nodePath || process.execPath,
      onLog: (text) => {
        log.info(text.trimEnd());
      },
    }),
  };
  // Models are files: a folder of a virtual file system has no path that a relative one could start from.
  const workspaceFolder = (): string | null =>
    vs.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri.fsPath ?? null;
  const chosen = new ChosenModel({
    setting: () => settings().model,
    workspaceChoice: () => modelMemory.choice,
    isLimited: () => workspaceLimit(vs) !== null,
    modelsFolder: context.asAbsolutePath("media/models"),
    workspaceFolder,
  });
  const supervisor = new EngineSupervisor({
    start: async () => {
      // Half of the bundle: evaluated with the first engine, not at activation.
      const { EngineClient } = await import("../engine/client/engine-client.ts");
      return EngineClient.start({
        script: context.asAbsolutePath("dist/engine.mjs"),
        execPath: settings().nodePath || process.execPath,
        cacheFolder: context.globalStorageUri.fsPath,
        onLog: (text) => {
          log.info(text.trimEnd());
        },
      });
    },
    target: async () => {
      const choice = await chosen.resolve();
      const tokenizer = tokenizerFor(choice, settings().tokenizers, workspaceFolder());
      return {
        ...choice,
        ...(tokenizer !== null && { tokenizer }),
        threads: settings().threads || defaultThreads(),
        runtime: settings().runtime,
        budget: settings().openingBudget,
        ...(settings().memoryLimit > 0 && { memory: settings().memoryLimit * 1e9 }),
      };
    },
    log: (text) => {
      log.info(text);
    },
    admit: createAdmission({ vs, settings, chosen }, hub.cache),
  });
  const reading = (): Reading => {
    const { bos, useChatTemplate, tokenizers } = settings();
    const { current } = chosen;
    return {
      modelKey: current ? modelKeyOf(current) : "",
      tokenizer: current && tokenizerFor(current, tokenizers, workspaceFolder()),
      bos,
      useChatTemplate,
    };
  };
  const values = new PlaceholderValues(context.workspaceState);
  const prompts = new PromptRegister(values);
  const runner = new Runner(store, supervisor, (error) => {
    notices.error(error);
  });
  const ranModels = new RanModels(supervisor, chosen, (error) => {
    log.info(`the model's hash is not known: ${String(error)}`);
  });
  const host: Host = {
    sessions: new SessionBook(),
    ranModels,
    exportPages: new ExportPages(async () => {
      await vs.commands.executeCommand(`${PANEL_VIEW_ID}.focus`);
    }),
    vs,
    context,
    log,
    settings,
    chosen,
    supervisor,
    modelMemory,
    hub,
    prompts,
    values,
    store,
    runner,
    notices,
    reading,
  };
  const tracker = trackDocuments({
    vs,
    prompts,
    values,
    moved: (labelOf) => {
      store.set(relabelled(store.state, labelOf));
    },
  });
  const sessions = createSessionsModule(host);
  const panel = createPanelModule(host, tracker);
  context.subscriptions.push(
    log,
    supervisor,
    ranModels,
    tracker,
    sessions,
    supervisor.crashed.on((reason) => {
      notices.error(reason);
    }),
    followSettings(host),
    followLimit(host),
    clearErrors(host),
    sayFallback(host, sayWrongTarget(host)),
    noteModelUses(host),
    createContextKeys(host),
    createMarksModule(host, tracker),
    createHoverModule(host, tracker),
    createLensModule(host, tracker),
    createTokenRefresh(host),
    createStatusBar(host),
    panel,
  );
  // For the name in the status bar; nobody waits for it.
  setImmediate(() => {
    chosen.resolve().catch((error: unknown) => {
      log.warn(String(error));
    });
  });
  return createCommandRunner(host, tracker, sessions.actions, panel);
}

/** Once the workspace is trusted, or has a folder on disk, its own model counts. */
function followLimit({ vs, chosen, notices }: Host): Disposable {
  const resolve = (): void => {
    chosen.resolve().catch((error: unknown) => {
      notices.error(error);
    });
  };
  const subscriptions = [vs.workspace.onDidGrantWorkspaceTrust, vs.workspace.onDidChangeWorkspaceFolders].map(
    (event) => event(resolve),
  );
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** A model that opens leaves nothing of what was wrong before. */
function clearErrors({ supervisor, store }: Host): Disposable {
  return supervisor.changed.on(({ state }) => {
    if (state === "ready" && store.state.error) store.set({ error: null });
  });
}

/** A changed setting makes results out of date; a run under the old one is of no use any more. */
function followSettings(host: Host): Disposable {
  const { vs, chosen, runner, store } = host;
  const full = (key: string): string => `${SETTING_SECTION}.${key}`;
  return vs.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(full(SETTING_KEYS.model))) {
      runner.cancelAll();
      store.set({ error: null });
      chosen.resolve().catch((error: unknown) => {
        host.notices.error(error);
      });
    }
    const runtimes = [SETTING_KEYS.runtime, SETTING_KEYS.threads, SETTING_KEYS.tokenizers].map(full);
    // The next run starts another engine, or opens the model anew.
    if (runtimes.some((key) => event.affectsConfiguration(key))) runner.cancelAll();
    const readings = [SETTING_KEYS.tokenizers, SETTING_KEYS.bos, SETTING_KEYS.useChatTemplate].map(full);
    // Whatever is drawn asks for the reading; this makes it be drawn again.
    if (readings.some((key) => event.affectsConfiguration(key))) store.set({});
  });
}
