/** The list of the workspace's sessions: answers with their flip, model, age, and what is wrong with damaged ones. */
import * as l10n from "@vscode/l10n";
import type { MarkdownString, TreeItem } from "vscode";
import type { ViewerHost } from "../host.ts";
import { SESSIONS_VIEW_ID } from "../ids.ts";
import { escaped } from "../markdown.ts";
import type { Disposable } from "../signal.ts";
import { factsOfSession, verdictOfSession } from "./read-session.ts";
import type { SessionEntry, SessionIndex } from "./session-index.ts";
import type { SessionOrder } from "./session-list.ts";
import { listedSessions, SESSION_ORDERS, sessionRow } from "./session-list.ts";

const ORDER_KEY = "sessions.order";

/** The list, and the commands that change how it is shown. */
export interface SessionTree extends Disposable {
  readonly sort: () => Promise<void>;
  readonly filter: () => Promise<void>;
}

/** Shows the list; it is read when the view is opened for the first time. */
export function createSessionTree(host: ViewerHost, index: SessionIndex): SessionTree {
  const { vs, context } = host;
  let filter = "";
  const order = (): SessionOrder => {
    const kept = context.workspaceState.get(ORDER_KEY);
    return SESSION_ORDERS.find((known) => known === kept) ?? "date";
  };
  const changed = new vs.EventEmitter<undefined>();
  const view = vs.window.createTreeView<SessionEntry>(SESSIONS_VIEW_ID, {
    canSelectMany: true,
    showCollapseAll: false,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: async (parent) => {
        if (parent) return [];
        return listedSessions(await index.entries(), { order: order(), filter }, new Date());
      },
      getTreeItem: (entry) => treeItem(host, entry),
    },
  });
  const subscriptions = [
    view,
    changed,
    // How long ago something was saved is as of now.
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) changed.fire(undefined);
    }),
    index.changed.on(() => {
      changed.fire(undefined);
    }),
  ];
  return {
    sort: async () => {
      const items = SESSION_ORDERS.map((one) => ({
        label: orderName(one),
        description: one === order() ? l10n.t("current") : "",
        order: one,
      }));
      const picked = await vs.window.showQuickPick(items, { title: l10n.t("Sort Sessions") });
      if (!picked) return;
      await context.workspaceState.update(ORDER_KEY, picked.order);
      changed.fire(undefined);
    },
    filter: async () => {
      const words = await vs.window.showInputBox({
        title: l10n.t("Filter Sessions"),
        prompt: l10n.t("Words of an answer, a model, a prompt or a file; empty = all sessions"),
        value: filter,
      });
      if (words === undefined) return;
      filter = words.trim();
      view.description = filter === "" ? "" : l10n.t("filter: {0}", filter);
      changed.fire(undefined);
    },
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function orderName(order: SessionOrder): string {
  switch (order) {
    case "date":
      return l10n.t("Newest First");
    case "name":
      return l10n.t("By Name");
    case "model":
      return l10n.t("By Model");
    case "flip":
      return l10n.t("By Flip, Highest First");
  }
}

function treeItem({ vs }: ViewerHost, entry: SessionEntry): TreeItem {
  const { uri, reading } = entry;
  const row = sessionRow(entry, new Date());
  const item = new vs.TreeItem(row.label, vs.TreeItemCollapsibleState.None);
  item.id = uri.toString();
  item.resourceUri = uri;
  const { session } = reading;
  item.iconPath = session
    ? new vs.ThemeIcon("arrow-swap")
    : new vs.ThemeIcon("warning", new vs.ThemeColor("list.warningForeground"));
  item.description = row.description;
  item.contextValue = session ? "session" : "damaged-session";
  item.tooltip = tooltip(vs, entry);
  item.command = { command: "vscode.open", title: l10n.t("Open"), arguments: [uri] };
  item.accessibilityInformation = { label: `${row.label}, ${row.description}` };
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
