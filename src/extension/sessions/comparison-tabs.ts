/** Tabs that show two sessions side by side, true to their files while they are open. */
import * as l10n from "@vscode/l10n";
import type { QuickPickItem, Uri, WebviewPanel } from "vscode";
import * as v from "valibot";
import { SwapError } from "../../shared/errors.ts";
import type { SessionIntent } from "../../shared/protocol/session-page.ts";
import { readText } from "../files.ts";
import type { ViewerHost } from "../host.ts";
import { COMMAND_IDS, COMPARISON_EDITOR_ID } from "../ids.ts";
import type { Disposable } from "../signal.ts";
import type { ReadFile } from "./comparison-view.ts";
import { comparisonView } from "./comparison-view.ts";
import { withoutEnding } from "./file-names.ts";
import { openPage, sendView } from "./page.ts";
import { readSession, verdictOfSession } from "./read-session.ts";
import type { SessionIndex } from "./session-index.ts";

type Pair = readonly [Uri, Uri];

/** What a page keeps of its files across a reload of the window. */
const keptState = v.object({ files: v.tuple([v.string(), v.string()]) });

/** Owner of the tabs. */
export class ComparisonTabs implements Disposable {
  readonly #host: ViewerHost;
  readonly #serializer: Disposable;

  constructor(host: ViewerHost) {
    this.#host = host;
    const { vs } = host;
    this.#serializer = vs.window.registerWebviewPanelSerializer(COMPARISON_EDITOR_ID, {
      deserializeWebviewPanel: (panel, state) => {
        const kept = v.safeParse(keptState, state);
        if (kept.success) {
          const [first, second] = kept.output.files;
          this.#fill(panel, [vs.Uri.parse(first), vs.Uri.parse(second)]);
        } else panel.dispose();
        return Promise.resolve();
      },
    });
  }

  /** Opens a tab; the first file is A, the second B. */
  open(first: Uri, second: Uri): Promise<void> {
    const { vs } = this.#host;
    const title = [first, second].map((uri) => withoutEnding(nameOf(uri))).join(" ↔ ");
    const panel = vs.window.createWebviewPanel(COMPARISON_EDITOR_ID, title, vs.ViewColumn.Active);
    this.#fill(panel, [first, second]);
    return Promise.resolve();
  }

  dispose(): void {
    this.#serializer.dispose();
  }

  #fill(panel: WebviewPanel, files: Pair): void {
    const { vs } = this.#host;
    let sends = 0;
    const send = async (): Promise<void> => {
      const mine = ++sends;
      const [first, second] = await Promise.all([this.#read(files[0]), this.#read(files[1])]);
      // A newer reading was begun: this one may hold an older text.
      if (mine !== sends) return;
      sendView(panel.webview, { type: "comparison", view: comparisonView(first, second) });
    };
    const watchers = files.map((uri) => {
      const folder = vs.Uri.joinPath(uri, "..");
      const watcher = vs.workspace.createFileSystemWatcher(new vs.RelativePattern(folder, nameOf(uri)));
      for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
        event(() => void send());
      }
      return watcher;
    });
    panel.onDidDispose(() => {
      for (const watcher of watchers) watcher.dispose();
    });
    openPage(this.#host, panel.webview, "comparison", (intent) => this.#carryOut(files, intent, send));
  }

  async #carryOut(files: Pair, intent: SessionIntent, send: () => Promise<void>): Promise<void> {
    if (intent.type === "ready") await send();
    if (intent.type === "openSideAsText") {
      await this.#host.vs.commands.executeCommand(COMMAND_IDS.openSessionAsText, files[intent.side]);
    }
  }

  async #read(uri: Uri): Promise<ReadFile> {
    const text = await readText(this.#host.vs, uri);
    const damage = { message: l10n.t("The file was deleted or moved."), hint: "" };
    return { uri, reading: text === null ? { session: null, damage } : readSession(text) };
  }
}

/** Asks which session another one is compared with; null when the user gives up. */
export async function pickOther(host: ViewerHost, index: SessionIndex, uri: Uri): Promise<Uri | null> {
  const { vs } = host;
  type Item = QuickPickItem & { readonly uri: Uri | null };
  const entries = (await index.entries()).filter((entry) => entry.uri.toString() !== uri.toString());
  const items = entries.flatMap(({ uri: other, path, reading }): Item[] => {
    if (!reading.session) return [];
    const label = withoutEnding(path.split("/").at(-1) ?? path);
    return [{ label, description: verdictOfSession(reading.session), detail: path, uri: other }];
  });
  const picked = await vs.window.showQuickPick<Item>(
    [...items, { label: `$(folder-opened) ${l10n.t("Another File…")}`, uri: null }],
    { title: l10n.t("Compare {0} with", nameOf(uri)), matchOnDescription: true, matchOnDetail: true },
  );
  if (!picked) return null;
  if (picked.uri) return picked.uri;
  const chosen = await vs.window.showOpenDialog({
    canSelectMany: false,
    defaultUri: vs.Uri.joinPath(uri, ".."),
    filters: { [l10n.t("State Swap Session")]: ["swap.json"], [l10n.t("All Files")]: ["*"] },
    openLabel: l10n.t("Compare"),
    title: l10n.t("Compare with Session"),
  });
  const other = chosen?.[0] ?? null;
  if (other?.toString() === uri.toString()) {
    throw new SwapError(
      "usage",
      l10n.t("A session is compared with another one."),
      l10n.t("Choose another file."),
    );
  }
  return other;
}

function nameOf(uri: Uri): string {
  return uri.path.split("/").at(-1) ?? "";
}
