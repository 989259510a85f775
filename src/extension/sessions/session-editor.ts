/** The editor of session files: the panel's own page, read-only, from the file alone. No model and no engine is started. */
import type { TextDocument, Uri, WebviewPanel } from "vscode";
import type { SessionIntent, SessionView } from "../../shared/protocol/session-page.ts";
import type { ViewerHost } from "../host.ts";
import { COMMAND_IDS, SESSION_EDITOR_ID } from "../ids.ts";
import type { Disposable, Signal } from "../signal.ts";
import { throttled } from "../throttle.ts";
import { openPage, sendView } from "./page.ts";
import { readSession, sideOf } from "./read-session.ts";

/** At most 30 views a second. */
const FRAME_MS = 33;

/** An open editor. */
interface OpenEditor {
  readonly document: TextDocument;
  readonly panel: WebviewPanel;
}

/** What the editors show of runs of their files, by file. */
export interface FileRuns {
  /** Fires when something that a page shows of a run changed. */
  readonly changed: Signal<undefined>;
  viewOf(uri: Uri): Pick<SessionView, "rerun" | "progress" | "error">;
  forget(uri: Uri): void;
  /** Saves the new result of a file; asks how. */
  save(uri: Uri): Promise<void>;
}

/** Owner of the open session editors. */
export class SessionEditors implements Disposable {
  readonly #host: ViewerHost;
  readonly #runs: FileRuns;
  readonly #open = new Set<OpenEditor>();
  readonly #subscriptions: Disposable[];

  constructor(host: ViewerHost, runs: FileRuns) {
    this.#host = host;
    this.#runs = runs;
    const { vs } = host;
    const frames = throttled(() => {
      for (const editor of this.#open) this.#show(editor);
    }, FRAME_MS);
    this.#subscriptions = [
      vs.window.registerCustomEditorProvider(
        SESSION_EDITOR_ID,
        {
          resolveCustomTextEditor: (document, panel) => {
            this.#resolve({ document, panel });
          },
        },
        { supportsMultipleEditorsPerDocument: true },
      ),
      // Also when the file changes on disk: the editor then loads its text again.
      vs.workspace.onDidChangeTextDocument(({ document }) => {
        for (const editor of this.#open) if (editor.document === document) this.#show(editor);
      }),
      runs.changed.on(() => {
        frames.request();
      }),
      frames,
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #resolve(editor: OpenEditor): void {
    const { document, panel } = editor;
    this.#open.add(editor);
    panel.onDidDispose(() => {
      this.#open.delete(editor);
      if (![...this.#open].some((other) => other.document === document)) this.#runs.forget(document.uri);
    });
    openPage(this.#host, panel.webview, "session", (intent) => this.#carryOut(editor, intent));
  }

  #show({ document, panel }: OpenEditor): void {
    const reading = readSession(document.getText());
    const view = { ...sideOf(document.uri, reading), ...this.#runs.viewOf(document.uri) };
    sendView(panel.webview, { type: "session", view });
  }

  async #carryOut(editor: OpenEditor, intent: SessionIntent): Promise<void> {
    const { vs } = this.#host;
    const { uri } = editor.document;
    if (intent.type === "ready") {
      this.#show(editor);
      return;
    }
    if (intent.type !== "command") return;
    switch (intent.command) {
      case "openAsText":
        await vs.commands.executeCommand(COMMAND_IDS.openSessionAsText, uri);
        return;
      case "runAgain":
        await vs.commands.executeCommand(COMMAND_IDS.runSessionAgain, uri);
        return;
      case "cancel":
      case "showLog":
        await vs.commands.executeCommand(COMMAND_IDS[intent.command]);
        return;
      case "saveResult":
        await this.#runs.save(uri);
        return;
      case "dismissResult":
        this.#runs.forget(uri);
    }
  }
}

/** Opens a session file in its editor. */
export async function openSession({ vs }: Pick<ViewerHost, "vs">, uri: Uri): Promise<void> {
  await vs.commands.executeCommand("vscode.openWith", uri, SESSION_EDITOR_ID);
}

/** Opens a session file as text, beside its own editor where that is open. */
export async function openAsText({ vs }: Pick<ViewerHost, "vs">, uri: Uri): Promise<void> {
  await vs.commands.executeCommand("vscode.openWith", uri, "default");
}
