/** Registers every command. */
import type { Host } from "../host.ts";
import { commandIds, panelViewId } from "../ids.ts";
import type { DocumentTracker } from "../prompt/track-documents.ts";
import type { Disposable } from "../signal.ts";
import { copyState } from "./copy-state.ts";
import { runGrid } from "./grid-command.ts";
import { setLayerRange, stepLayer } from "./layer-commands.ts";
import { showTokens, useSelectionAsPrompt } from "./prompt-commands.ts";
import { runAgain } from "./run-again.ts";
import type { DemoDocument } from "./run-demo.ts";
import { runDemo } from "./run-demo.ts";
import { selectModel } from "./select-model.ts";
import { chooseSourceCommand } from "./source-command.ts";
import { requiredSwap } from "./swap-at-hand.ts";
import { swapStateHere } from "./swap-state-here.ts";

/** What each command does; `argument` is what a link passed. */
export function commandHandlers(
  host: Host,
): Readonly<Record<keyof typeof commandIds, (argument?: unknown) => void | Promise<void>>> {
  const demo: DemoDocument = { uri: null };
  return {
    copyState: () => copyState(host),
    swapStateHere: () => swapStateHere(host),
    chooseSource: (id) => chooseSourceCommand(host, id),
    setLayerRange: () => setLayerRange(host),
    runGrid: (id) => runGrid(host, id),
    runAgain: (id) => runAgain(host, requiredSwap(host, id)),
    cancel: () => {
      host.runner.cancel();
    },
    stepLayerUp: (id) => {
      stepLayer(host, 1, id);
    },
    stepLayerDown: (id) => {
      stepLayer(host, -1, id);
    },
    showTokens: () => showTokens(host),
    useSelectionAsPrompt: () => {
      useSelectionAsPrompt(host);
    },
    clearResults: (id) => {
      clearResults(host, id);
    },
    openPanel: async (id) => {
      if (typeof id === "number" && host.store.swap(id)) host.store.set({ shownId: id });
      await host.vs.commands.executeCommand(`${panelViewId}.focus`);
    },
    runDemo: () => runDemo(host, demo),
    selectModel: () => selectModel(host),
    showLog: () => {
      host.log.show();
    },
    restartEngine: async () => {
      host.runner.cancel();
      host.store.set({ error: null });
      const info = await host.supervisor.restart();
      host.notices.hint(`The engine was restarted; ${info.architecture}, ${info.blocks} blocks, is open.`);
    },
  };
}

/** Registers the commands; an error in one is shown and logged. */
export function createCommandsModule(host: Host, tracker: DocumentTracker): Disposable {
  const handlers = commandHandlers(host);
  const subscriptions = (Object.keys(commandIds) as (keyof typeof commandIds)[]).map((name) =>
    host.vs.commands.registerCommand(commandIds[name], async (argument?: unknown) => {
      try {
        tracker.flush();
        await handlers[name](argument);
      } catch (error) {
        host.notices.error(error);
      }
    }),
  );
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** Removes one result, or everything that is drawn. */
function clearResults(host: Host, id: unknown): void {
  const { store } = host;
  const named = typeof id === "number" ? store.swap(id) : null;
  host.runner.cancel();
  if (named) {
    const swaps = store.state.swaps.filter((swap) => swap !== named);
    store.set({ swaps, shownId: swaps.at(-1)?.id ?? null });
  } else store.clear();
  host.prompts.keepOnly(store.usedPrompts);
}
