/** The panel's only door to its host: VS Code's webview API, or a double in a plain browser. */
import type { PanelMessage, PanelState } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";

/** What the panel needs of whoever shows it. */
export interface PanelHost {
  /** Tells the host what the user did. */
  post(intent: PanelIntent): void;
  /** Calls `listener` with every complete snapshot that arrives. */
  onState(listener: (state: PanelState) => void): void;
  /** What `setState` kept last, also from before the view was hidden; undefined at first. */
  getState(): unknown;
  /** Keeps a JSON value across hiding, moving and reloading of the view. */
  setState(state: unknown): void;
}

/** The webview API that VS Code gives a page once. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  interface Window {
    acquireVsCodeApi?: () => VsCodeApi;
  }
}

const STORAGE_KEY = "state-swap.panel";

/**
 * The host of this page. Outside VS Code, intents are posted to the page's own window as `{ intent }` and state is kept
 * in the session storage, so that the panel runs in any browser.
 */
export function connectHost(): PanelHost {
  const api = pageApi();
  return {
    post: (intent) => {
      api.postMessage(intent);
    },
    onState: (listener) => {
      window.addEventListener("message", (event: MessageEvent<unknown>) => {
        if (isPanelMessage(event.data)) listener(event.data.state);
      });
    },
    getState: () => api.getState(),
    setState: (state) => {
      api.setState(state);
    },
  };
}

/** VS Code gives it once. */
let acquired: VsCodeApi | null = null;

/** The page's API; outside VS Code its double. */
export function pageApi(): VsCodeApi {
  acquired ??= window.acquireVsCodeApi?.() ?? browserDouble();
  return acquired;
}

function browserDouble(): VsCodeApi {
  return {
    postMessage: (intent) => {
      window.postMessage({ intent }, window.origin);
    },
    getState: () => {
      const kept = sessionStorage.getItem(STORAGE_KEY);
      return kept === null ? undefined : (JSON.parse(kept) as unknown);
    },
    setState: (state) => {
      sessionStorage.setItem(STORAGE_KEY, JSON.stringify(state));
    },
  };
}

/** The host is the extension itself and typed at its own border; this only tells its messages from foreign ones. */
function isPanelMessage(data: unknown): data is PanelMessage {
  return (
    typeof data === "object" && data !== null && "type" in data && data.type === "state" && "state" in data
  );
}
