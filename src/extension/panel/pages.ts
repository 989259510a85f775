/** The pages that show the panel, in a side bar and in an editor tab: all get the same snapshots, and any of them sends intents. */
import * as v from "valibot";
import type { Webview } from "vscode";
import { isExportReply } from "../../shared/protocol/export-page.ts";
import type { PanelMessage, PanelState } from "../../shared/protocol/panel.ts";
import type { PanelIntent } from "../../shared/protocol/panel-intent.ts";
import { panelIntentSchema } from "../../shared/protocol/panel-intent.ts";
import type { ViewerHost } from "../host.ts";
import { showPage } from "./html.ts";

/** Where a page stands: the side bar's view or a tab. */
export interface PagePlace {
  readonly webview: Webview;
  readonly visible: boolean;
}

/** Owner of the open pages. */
export class PanelPages {
  readonly #host: ViewerHost;
  readonly #snapshot: () => PanelState;
  readonly #onIntent: (intent: PanelIntent) => Promise<void>;
  readonly #places = new Set<PagePlace>();

  /** @param onIntent carries out what a page asks for; a page that is `ready` waits for its first snapshot */
  constructor(
    host: ViewerHost,
    snapshot: () => PanelState,
    onIntent: (intent: PanelIntent) => Promise<void>,
  ) {
    this.#host = host;
    this.#snapshot = snapshot;
    this.#onIntent = onIntent;
  }

  /** Fills a place with the panel until `remove`. */
  add(place: PagePlace): void {
    this.#places.add(place);
    place.webview.onDidReceiveMessage((message: unknown) => void this.#receive(message));
    this.#host.exportPages.attach(place.webview, "panel");
    showPage(this.#host, place.webview, "panel");
  }

  /** Forgets a place that was closed. */
  remove(place: PagePlace): void {
    this.#places.delete(place);
  }

  /** True while a page can be seen. */
  get isSeen(): boolean {
    return [...this.#places].some(({ visible }) => visible);
  }

  /** Sends the state as it is now. A hidden page gets nothing; when it is shown again it asks. */
  post(): void {
    if (!this.isSeen) return;
    const message: PanelMessage = { type: "state", state: this.#snapshot() };
    for (const { visible, webview } of this.#places) if (visible) void webview.postMessage(message);
  }

  async #receive(message: unknown): Promise<void> {
    if (isExportReply(message)) return;
    const parsed = v.safeParse(panelIntentSchema, message);
    if (parsed.success) await this.#onIntent(parsed.output);
    else this.#host.log.warn(`panel message dropped: ${parsed.issues[0].message}`);
  }
}
