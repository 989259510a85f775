/** A webview that shows a session or a comparison: its page, and validated messages from it. */
import * as v from "valibot";
import type { Webview } from "vscode";
import { isExportReply } from "../../shared/protocol/export-page.ts";
import type { SessionIntent, SessionMessage } from "../../shared/protocol/session-page.ts";
import { sessionIntentSchema } from "../../shared/protocol/session-page.ts";
import type { ViewerHost } from "../host.ts";
import type { PageView } from "../panel/html.ts";
import { showPage } from "../panel/html.ts";

/** Fills a webview with the panel's bundle; intents of another form are logged and dropped. */
export function openPage(
  host: ViewerHost,
  webview: Webview,
  view: PageView,
  onIntent: (intent: SessionIntent) => void | Promise<void>,
): void {
  const { log, notices, exportPages } = host;
  const receive = async (message: unknown): Promise<void> => {
    if (isExportReply(message)) return;
    const parsed = v.safeParse(sessionIntentSchema, message);
    if (!parsed.success) {
      log.warn(`session message dropped: ${parsed.issues[0].message}`);
      return;
    }
    try {
      await onIntent(parsed.output);
    } catch (error) {
      notices.error(error);
    }
  };
  webview.onDidReceiveMessage((message: unknown) => void receive(message));
  exportPages.attach(webview, "session");
  showPage(host, webview, view);
}

/** Sends a complete view; a hidden page asks again when it is shown. */
export function sendView(webview: Webview, message: SessionMessage): void {
  void webview.postMessage(message);
}
