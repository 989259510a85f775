/** The list of the workspace's sessions: names, verdicts, and what is wrong with damaged ones. */
import * as l10n from "@vscode/l10n";
import type { MarkdownString, TreeItem } from "vscode";
import type { ViewerHost } from "../host.ts";
import { SESSIONS_VIEW_ID } from "../ids.ts";
import { escaped } from "../markdown.ts";
import type { Disposable } from "../signal.ts";
import { withoutEnding } from "./file-names.ts";
import { factsOfSession, verdictOfSession } from "./read-session.ts";
import type { SessionEntry, SessionIndex } from "./session-index.ts";

/** Shows the list; it is read when the view is opened for the first time. */
export function createSessionTree(host: ViewerHost, index: SessionIndex): Disposable {
  const { vs } = host;
  const changed = new vs.EventEmitter<undefined>();
  const view = vs.window.createTreeView<SessionEntry>(SESSIONS_VIEW_ID, {
    canSelectMany: true,
    showCollapseAll: false,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (parent) => (parent ? [] : index.entries()),
      getTreeItem: (entry) => treeItem(host, entry),
    },
  });
  const subscriptions = [
    view,
    changed,
    index.changed.on(() => {
      changed.fire(undefined);
    }),
  ];
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function treeItem({ vs }: ViewerHost, entry: SessionEntry): TreeItem {
  const { uri, path, reading } = entry;
  const name = withoutEnding(path.split("/").at(-1) ?? path);
  const item = new vs.TreeItem(name, vs.TreeItemCollapsibleState.None);
  item.id = uri.toString();
  item.resourceUri = uri;
  const { session, damage } = reading;
  item.iconPath = session
    ? new vs.ThemeIcon("arrow-swap")
    : new vs.ThemeIcon("warning", new vs.ThemeColor("list.warningForeground"));
  item.description = session ? verdictOfSession(session) : damage.message;
  item.contextValue = session ? "session" : "damaged-session";
  item.tooltip = tooltip(vs, entry);
  item.command = { command: "vscode.open", title: l10n.t("Open"), arguments: [uri] };
  item.accessibilityInformation = { label: `${name}, ${item.description}` };
  return item;
}

function tooltip(vs: ViewerHost["vs"], { path, reading }: SessionEntry): MarkdownString {
  const { session, damage } = reading;
  const lines = session
    ? [verdictOfSession(session), ...factsOfSession(session)]
    : [damage.message, damage.hint];
  return new vs.MarkdownString(
    [`**${escaped(path)}**`, ...lines.filter((line) => line !== "").map(escaped)].join("\n\n"),
  );
}
