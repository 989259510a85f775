/** What each command does. */
import * as l10n from "@vscode/l10n";
import type { Host } from "../host.ts";
import { PANEL_VIEW_ID, WALKTHROUGH_ID } from "../ids.ts";
import { setAnswers } from "./set-answers.ts";
import { keepOneBos } from "./keep-one-bos.ts";
import { showAttention } from "./show-attention.ts";
import { clearAllResults, clearResults } from "./clear-results.ts";
import { continueHere } from "./continue-text.ts";
import { runControls } from "./run-controls.ts";
import { copyState } from "./copy-state.ts";
import { runGrid } from "./run-grid.ts";
import { setLayerRange, stepLayer } from "./layer-commands.ts";
import { openSamples } from "./open-samples.ts";
import { showTokens, useSelectionAsPrompt } from "./prompt-commands.ts";
import { runAgain } from "./run-again.ts";
import { runCondition } from "./run-condition.ts";
import type { DemoDocument } from "./run-demo.ts";
import { runDemo } from "./run-demo.ts";
import { selectModel } from "./select-model.ts";
import { setHubToken } from "./set-hub-token.ts";
import { chooseSourceCommand } from "./change-source.ts";
import { setValues } from "../ask/ask-values.ts";
import { requiredIntervention } from "../ask/intervention-at-hand.ts";
import { exportSessionFile } from "../export/export-command.ts";
import { exportResult } from "../export/export-result.ts";
import { openExport } from "../export/open-export.ts";
import type { PanelModule } from "../panel/module.ts";
import { movePanel } from "../panel/move.ts";
import type { SessionActions } from "../sessions/module.ts";
import { uriOf } from "../sessions/files-module.ts";
import type { CommandHandlers } from "./register.ts";
import { showDiagnostics } from "./show-diagnostics.ts";
import { swapStateHere } from "./swap-state-here.ts";

/** The handlers, by command. */
export function commandHandlers(host: Host, sessions: SessionActions, panel: PanelModule): CommandHandlers {
  const demo: DemoDocument = { uri: null };
  return {
    copyState: () => copyState(host),
    swapStateHere: () => swapStateHere(host),
    chooseSource: (id) => chooseSourceCommand(host, id),
    setLayerRange: () => setLayerRange(host),
    runGrid: (id) => runGrid(host, id),
    runCondition: (kind) => runCondition(host, kind),
    runControls: (id) => runControls(host, id),
    continueHere: (id) => continueHere(host, id),
    setAnswers: (id) => setAnswers(host, id),
    keepOneBos: (id) => keepOneBos(host, id),
    showAttention: (id) => showAttention(host, id),
    runAgain: (id) => runAgain(host, requiredIntervention(host, id)),
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
    setValues: () => setValues(host, null),
    clearResults: (id) => {
      clearResults(host, id);
    },
    clearAllResults: () => clearAllResults(host),
    openPanel: async (id) => {
      if (typeof id === "number" && host.store.intervention(id)) host.store.set({ shownId: id });
      await host.vs.commands.executeCommand(`${PANEL_VIEW_ID}.focus`);
    },
    openPanelInEditor: () => {
      panel.openInEditor();
    },
    movePanel: () => movePanel(host.vs),
    runDemo: (where) => runDemo(host, demo, where === "beside"),
    openSamples: () => openSamples(host),
    openWalkthrough: async () => {
      const id = `${host.context.extension.id}#${WALKTHROUGH_ID}`;
      await host.vs.commands.executeCommand("workbench.action.openWalkthrough", id);
    },
    selectModel: () => selectModel(host),
    setHubToken: () => setHubToken(host),
    showLog: () => {
      host.log.show();
    },
    showDiagnostics: () => showDiagnostics(host),
    restartEngine: async () => {
      host.runner.cancelAll();
      host.store.set({ error: null });
      const info = await host.supervisor.restart();
      host.notices.hint(
        l10n.t("The engine was restarted; {0}, {1} layers, is open.", info.architecture, info.blocks),
      );
    },
    saveSession: (id) => sessions.save(id),
    saveSessionAs: (id) => sessions.saveAs(id),
    runSessionAgain: (item) => sessions.runAgain(item),
    compareSession: (item) => sessions.compare(item),
    compareSelectedSessions: (item, selected) => sessions.compareSelected(item, selected),
    openSessionInPrompt: (item) => sessions.openInPrompt(item),
    openSessionAsText: (item) => sessions.openAsText(item),
    revealSession: (item) => sessions.reveal(item),
    deleteSession: (item, selected) => sessions.remove(item, selected),
    sortSessions: () => sessions.sort(),
    filterSessions: () => sessions.filter(),
    exportResult: (id) => exportResult(host, id),
    exportSession: (item) => exportSessionFile(host, uriOf(host.vs, item)),
    openExport: (item) => openExport(host, uriOf(host.vs, item)),
  };
}
