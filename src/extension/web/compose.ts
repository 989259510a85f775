/** Wires what looks at sessions, for an editor that has no processes; whatever needs a model says so. */
import type { ExtensionContext } from "vscode";
import { noEngine } from "../../shared/words/workspace.ts";
import type { CommandName, Handler } from "../commands/register.ts";
import { commandRunner, registerCommands } from "../commands/register.ts";
import { exportSessionFile } from "../export/export-command.ts";
import { ExportPages } from "../export-pages.ts";
import type { ViewerHost } from "../host.ts";
import { PANEL_VIEW_ID } from "../ids.ts";
import { Notices } from "../notices.ts";
import { createSessionFiles, uriOf } from "../sessions/files-module.ts";
import type { FileRuns } from "../sessions/session-editor.ts";
import { Signal } from "../signal.ts";
import type { VsCode } from "../vs.ts";
import { createDemoView } from "./demo-view.ts";

/** Nothing is ever run again here. */
const NO_RUNS: FileRuns = {
  changed: new Signal<undefined>(),
  viewOf: () => ({ rerun: null, progress: null, error: null }),
  forget: () => undefined,
  save: () => Promise.reject(noEngine()),
};

/** Builds everything; all of it ends with the context's subscriptions. */
export function createViewer(vs: VsCode, context: ExtensionContext): void {
  const log = vs.window.createOutputChannel("State Swap", { log: true });
  const openPanel = async (): Promise<void> => {
    await vs.commands.executeCommand(`${PANEL_VIEW_ID}.focus`);
  };
  const notices = new Notices(vs, (text) => {
    log.error(text);
  });
  const host: ViewerHost = { vs, context, log, notices, exportPages: new ExportPages(openPanel) };
  const { actions, ...files } = createSessionFiles(host, NO_RUNS);
  const handlers: Readonly<Partial<Record<CommandName, Handler>>> = {
    openPanel,
    showLog: () => {
      log.show();
    },
    compareSession: actions.compare,
    compareSelectedSessions: actions.compareSelected,
    openSessionAsText: actions.openAsText,
    revealSession: actions.reveal,
    deleteSession: actions.remove,
    sortSessions: actions.sort,
    filterSessions: actions.filter,
    exportSession: (item) => exportSessionFile(host, uriOf(vs, item)),
  };
  const refuse: Handler = () => Promise.reject(noEngine());
  context.subscriptions.push(
    log,
    files,
    createDemoView(host),
    registerCommands(
      vs,
      commandRunner(notices, (name) => handlers[name] ?? refuse),
    ),
  );
}
