/** The panel as an editor tab: one at most, there again after a reload of the window. */
import type { WebviewPanel } from "vscode";
import type { ViewerHost } from "../host.ts";
import { PANEL_EDITOR_ID } from "../ids.ts";
import type { Disposable } from "../signal.ts";
import type { PanelPages } from "./pages.ts";

/** Owner of the tab. */
export class PanelTab implements Disposable {
  readonly #host: ViewerHost;
  readonly #pages: PanelPages;
  readonly #serializer: Disposable;
  #tab: WebviewPanel | null = null;

  constructor(host: ViewerHost, pages: PanelPages) {
    this.#host = host;
    this.#pages = pages;
    this.#serializer = host.vs.window.registerWebviewPanelSerializer(PANEL_EDITOR_ID, {
      // What the page itself keeps is kept by the editor.
      deserializeWebviewPanel: (tab) => {
        this.#fill(tab);
        return Promise.resolve();
      },
    });
  }

  /** Shows the tab, a new one where there is none. */
  open(): void {
    const { window, ViewColumn } = this.#host.vs;
    if (this.#tab) this.#tab.reveal();
    else this.#fill(window.createWebviewPanel(PANEL_EDITOR_ID, "State Swap", ViewColumn.Active));
  }

  dispose(): void {
    this.#serializer.dispose();
  }

  #fill(tab: WebviewPanel): void {
    const { vs, context } = this.#host;
    this.#tab = tab;
    tab.iconPath = vs.Uri.joinPath(context.extensionUri, "media", "icon.png");
    tab.onDidChangeViewState(() => {
      this.#pages.post();
    });
    tab.onDidDispose(() => {
      this.#pages.remove(tab);
      if (this.#tab === tab) this.#tab = null;
    });
    this.#pages.add(tab);
  }
}
