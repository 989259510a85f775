/** The door of a session's page to its host. */
import type { SessionIntent, SessionMessage } from "../../src/shared/protocol/session-page.ts";
import { pageApi } from "../panel/host.ts";

type Kind = SessionMessage["type"];
type ViewOf<K extends Kind> = Extract<SessionMessage, { readonly type: K }>["view"];

/** What a session's page needs of whoever shows it. */
export interface SessionHost<View> {
  post(intent: SessionIntent): void;
  /** Calls `listener` with every complete view that arrives. */
  onView(listener: (view: View) => void): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** The host of this page, for views of one kind. */
export function connectSession<K extends Kind>(kind: K): SessionHost<ViewOf<K>> {
  const api = pageApi();
  return {
    post: (intent) => {
      api.postMessage(intent);
    },
    onView: (listener) => {
      window.addEventListener("message", (event: MessageEvent<unknown>) => {
        if (isMessage(event.data, kind)) listener(event.data.view);
      });
    },
    getState: () => api.getState(),
    setState: (state) => {
      api.setState(state);
    },
  };
}

/** The host is the extension itself and typed at its own border; this only tells its messages from foreign ones. */
function isMessage<K extends Kind>(
  data: unknown,
  kind: K,
): data is { readonly type: K; readonly view: ViewOf<K> } {
  return typeof data === "object" && data !== null && "type" in data && data.type === kind && "view" in data;
}
