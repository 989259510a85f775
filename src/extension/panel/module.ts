/** The side panel's view: shows snapshots of the owners' state, takes intents. */
import * as v from "valibot";
import type { WebviewView } from "vscode";
import { isExportReply } from "../../shared/protocol/export-page.ts";
import type { PanelMessage, PanelState } from "../../shared/protocol/panel.ts";
import { panelIntentSchema } from "../../shared/protocol/panel-intent.ts";
import { sessionPanel } from "../../shared/session/session-panel.ts";
import { parseSession } from "../../shared/session/parse.ts";
import type { Host } from "../host.ts";
import { ExpectedTimes } from "../interventions/expected-times.ts";
import { PANEL_VIEW_ID, SETTING_KEYS, SETTING_SECTION } from "../ids.ts";
import type { DocumentTracker } from "../prompt/track-documents.ts";
import type { Disposable } from "../signal.ts";
import { throttled } from "../throttle.ts";
import { commandKeys } from "./command-keys.ts";
import { EditorFollower } from "./follow-editor.ts";
import { showPage } from "./html.ts";
import { carryOut } from "./intents.ts";
import { panelState } from "./panel-state.ts";

/** At most 30 snapshots a second. */
const FRAME_MS = 33;

/** Registers the view. Nothing is read before it is opened. */
export function createPanelModule(host: Host, tracker: DocumentTracker): Disposable {
  const { vs, context } = host;
  const follower = new EditorFollower(host);
  const expected = new ExpectedTimes(host.store, host.supervisor, () => host.reading().modelKey);
  let view: WebviewView | null = null;
  let stored: PanelState | null = null;
  const keys = commandKeys(context.extension.packageJSON);

  const snapshot = (): PanelState => {
    tracker.flush();
    return panelState({
      store: host.store.state,
      model: host.supervisor.model,
      choice: host.chosen.current,
      prompts: (id) => host.prompts.get(id),
      reading: host.reading(),
      stored,
      selected: follower.selected,
      expected: expected.now,
      around: {
        restricted: !vs.workspace.isTrusted,
        ...(host.settings().keybindingHints ? { keys } : {}),
      },
    });
  };
  const post = (): void => {
    // A hidden view gets nothing; when it is shown again it asks.
    if (!view?.visible) return;
    const message: PanelMessage = { type: "state", state: snapshot() };
    void view.webview.postMessage(message);
  };
  const frames = throttled(post, FRAME_MS);
  const request = (): void => {
    if (view?.visible) frames.request();
  };

  const receive = async (message: unknown): Promise<void> => {
    if (isExportReply(message)) return;
    const parsed = v.safeParse(panelIntentSchema, message);
    if (!parsed.success) {
      host.log.warn(`panel message dropped: ${parsed.issues[0].message}`);
      return;
    }
    const intent = parsed.output;
    if (intent.type === "ready") {
      await host.chosen.resolve().catch(host.notices.error.bind(host.notices));
      stored ??= await readStoredDemo(host);
      post();
      return;
    }
    const carriedOut = carryOut(host, intent).catch((error: unknown) => {
      host.notices.error(error);
    });
    const reveals = intent.type === "reveal" || intent.type === "setPositions";
    await (reveals ? follower.revealing(carriedOut) : carriedOut);
  };

  const resolve = (opened: WebviewView): void => {
    view = opened;
    const { webview } = opened;
    webview.onDidReceiveMessage((message: unknown) => void receive(message));
    host.exportPages.attach(webview, "panel");
    opened.onDidChangeVisibility(post);
    opened.onDidDispose(() => {
      if (view === opened) view = null;
    });
    showPage(host, webview, "panel");
  };

  const subscriptions: Disposable[] = [
    vs.window.registerWebviewViewProvider(PANEL_VIEW_ID, { resolveWebviewView: resolve }),
    host.store.changed.on(request),
    host.prompts.changed.on(request),
    host.supervisor.changed.on(request),
    host.chosen.changed.on(request),
    follower.changed.on(request),
    expected.changed.on(request),
    expected,
    vs.workspace.onDidGrantWorkspaceTrust(request),
    vs.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SETTING_SECTION}.${SETTING_KEYS.keybindingHints}`)) request();
    }),
    follower,
    frames,
  ];
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** The stored demo, an ordinary session; null when this installation has none. */
async function readStoredDemo({ vs, context, log }: Host): Promise<PanelState | null> {
  try {
    const file = vs.Uri.joinPath(context.extensionUri, "media", "demo.swap.json");
    const text = new TextDecoder().decode(await vs.workspace.fs.readFile(file));
    return { ...sessionPanel(parseSession(text)), stored: true };
  } catch (error) {
    log.info(`no stored demo: ${String(error)}`);
    return null;
  }
}
