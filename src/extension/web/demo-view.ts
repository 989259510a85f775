/** The side panel of an editor without an engine: the stored demo to look at, below why nothing can be run. */
import type { ErrorData } from "../../shared/errors.ts";
import { toErrorData } from "../../shared/errors.ts";
import { noEngine } from "../../shared/words/workspace.ts";
import { asDemo } from "../../shared/session/session-panel.ts";
import { readText } from "../files.ts";
import type { ViewerHost } from "../host.ts";
import { COMMAND_IDS, PANEL_VIEW_ID } from "../ids.ts";
import { openPage, sendView } from "../sessions/page.ts";
import { readSession, sideOf } from "../sessions/read-session.ts";
import type { Disposable } from "../signal.ts";

/** Registers the view. */
export function createDemoView(host: ViewerHost): Disposable {
  const { vs, context } = host;
  const file = vs.Uri.joinPath(context.extensionUri, "media", "demo.swap.json");
  return vs.window.registerWebviewViewProvider(PANEL_VIEW_ID, {
    resolveWebviewView: ({ webview }) => {
      let error: ErrorData | null = toErrorData(noEngine());
      openPage(host, webview, "session", async (intent) => {
        const command = intent.type === "command" ? intent.command : null;
        if (command === "openAsText") await vs.commands.executeCommand(COMMAND_IDS.openSessionAsText, file);
        if (command === "dismissResult") error = null;
        if (intent.type !== "ready" && command !== "dismissResult") return;
        const side = sideOf(file, readSession((await readText(vs, file)) ?? ""));
        const panel = side.panel && asDemo(side.panel);
        sendView(webview, { type: "session", view: { ...side, panel, rerun: null, progress: null, error } });
      });
    },
  });
}
