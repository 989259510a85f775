/** The panel, in a side bar and as an editor tab: shows snapshots of the owners' state, takes intents. */
import type { WebviewView } from "vscode";
import type { PanelState } from "../../shared/protocol/panel.ts";
import type { PanelIntent } from "../../shared/protocol/panel-intent.ts";
import { asDemo, sessionPanel } from "../../shared/session/session-panel.ts";
import { parseSession } from "../../shared/session/parse.ts";
import type { Host } from "../host.ts";
import { ExpectedTimes } from "../interventions/expected-times.ts";
import { PANEL_VIEW_ID, SETTING_KEYS, SETTING_SECTION } from "../ids.ts";
import type { DocumentTracker } from "../prompt/track-documents.ts";
import type { Disposable } from "../signal.ts";
import { throttled } from "../throttle.ts";
import { commandKeys } from "./command-keys.ts";
import { EditorFollower } from "./follow-editor.ts";
import { carryOut } from "./intents.ts";
import { PanelPages } from "./pages.ts";
import { panelState } from "./panel-state.ts";
import { PanelTab } from "./tab.ts";

/** At most 30 snapshots a second. */
const FRAME_MS = 33;

/** What is done with the panel from outside. */
export interface PanelModule extends Disposable {
  /** Shows the panel as an editor tab. */
  openInEditor(): void;
}

/** Registers the view and the tab. Nothing is read before one of them is opened. */
export function createPanelModule(host: Host, tracker: DocumentTracker): PanelModule {
  const { vs, context } = host;
  const follower = new EditorFollower(host);
  const expected = new ExpectedTimes(host.store, host.supervisor, () => host.reading().modelKey);
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
      lookedAt: follower.lookedAt,
      expected: expected.now,
      around: {
        restricted: !vs.workspace.isTrusted,
        ...(host.settings().keybindingHints ? { keys } : {}),
      },
    });
  };
  const receive = async (intent: PanelIntent): Promise<void> => {
    if (intent.type === "ready") {
      await host.chosen.resolve().catch(host.notices.error.bind(host.notices));
      stored ??= await readStoredDemo(host);
      pages.post();
      return;
    }
    const carriedOut = carryOut(host, intent).catch((error: unknown) => {
      host.notices.error(error);
    });
    const reveals = intent.type === "reveal" || intent.type === "setPositions";
    await (reveals ? follower.revealing(carriedOut) : carriedOut);
  };
  const pages = new PanelPages(host, snapshot, receive);
  const tab = new PanelTab(host, pages);
  const frames = throttled(() => {
    pages.post();
  }, FRAME_MS);
  const request = (): void => {
    if (pages.isSeen) frames.request();
  };

  const resolve = (opened: WebviewView): void => {
    opened.onDidChangeVisibility(() => {
      pages.post();
    });
    opened.onDidDispose(() => {
      pages.remove(opened);
    });
    pages.add(opened);
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
    tab,
  ];
  return {
    openInEditor: () => {
      tab.open();
    },
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
    return { ...asDemo(sessionPanel(parseSession(text))), stored: true };
  } catch (error) {
    log.info(`no stored demo: ${String(error)}`);
    return null;
  }
}
