/** Everything about sessions in the editor: saving, the editor of session files, the list, comparing, kept results. */
import * as l10n from "@vscode/l10n";
import type { Uri } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import type { Host } from "../host.ts";
import type { Disposable } from "../signal.ts";
import { activeSession } from "./active-session.ts";
import { createAutosave } from "./autosave.ts";
import { ComparisonTabs, pickOther } from "./comparison-tabs.ts";
import { deleteSessions } from "./delete-sessions.ts";
import { openInPrompt } from "./open-in-prompt.ts";
import { saveSession, saveSessionAs } from "./save-session.ts";
import { openAsText, openSession, SessionEditors } from "./session-editor.ts";
import { SessionIndex } from "./session-index.ts";
import { SessionRuns } from "./session-runs.ts";
import { createSessionTree } from "./tree.ts";

/** What commands about sessions do. Each takes what a menu or link passed, and, from lists, all that is selected. */
export interface SessionActions {
  readonly save: (id?: unknown) => Promise<void>;
  readonly saveAs: (id?: unknown) => Promise<void>;
  readonly runAgain: (item?: unknown) => Promise<void>;
  readonly compare: (item?: unknown) => Promise<void>;
  readonly compareSelected: (item?: unknown, selected?: unknown) => Promise<void>;
  readonly openInPrompt: (item?: unknown) => Promise<void>;
  readonly openAsText: (item?: unknown) => Promise<void>;
  readonly reveal: (item?: unknown) => Promise<void>;
  readonly remove: (item?: unknown, selected?: unknown) => Promise<void>;
}

/** Registers the session editor and the list. */
export function createSessionsModule(host: Host): Disposable & { readonly actions: SessionActions } {
  const { vs } = host;
  const runs = new SessionRuns(host);
  const editors = new SessionEditors(host, runs);
  const index = new SessionIndex(host);
  const tabs = new ComparisonTabs(host);
  const subscriptions: Disposable[] = [
    editors,
    index,
    tabs,
    createSessionTree(host, index),
    createAutosave(host),
  ];
  const fileOf = (item: unknown): Uri => uriOf(vs, item) ?? activeSession(vs);
  const actions: SessionActions = {
    save: (id) => saveSession(host, id),
    saveAs: (id) => saveSessionAs(host, id),
    runAgain: async (item) => {
      const uri = fileOf(item);
      await openSession(host, uri);
      await runs.run(uri);
    },
    compare: async (item) => {
      const uri = fileOf(item);
      const other = await pickOther(host, index, uri);
      if (other) await tabs.open(uri, other);
    },
    compareSelected: async (item, selected) => {
      const uris = urisOf(vs, item, selected);
      const [first, second] = uris;
      if (!first || !second || uris.length !== 2) {
        throw new SwapError(
          "usage",
          l10n.t("Two sessions are compared."),
          l10n.t("Select two session files."),
        );
      }
      await tabs.open(first, second);
    },
    openInPrompt: (item) => openInPrompt(host, fileOf(item)),
    openAsText: (item) => openAsText(host, fileOf(item)),
    reveal: async (item) => {
      await vs.commands.executeCommand("revealInExplorer", fileOf(item));
    },
    remove: (item, selected) => deleteSessions(host, urisOf(vs, item, selected)),
  };
  return {
    actions,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** All files of a selection in a list; the one that the menu was opened on alone where that is not among them. */
function urisOf(vs: Host["vs"], item: unknown, selected: unknown): Uri[] {
  const all = Array.isArray(selected) ? selected.flatMap((one) => uriOf(vs, one) ?? []) : [];
  const clicked = uriOf(vs, item);
  const isAmong = clicked !== null && all.some((uri) => uri.toString() === clicked.toString());
  return clicked === null || isAmong ? all : [clicked];
}

/** The file that a menu of the explorer, of an editor's title or of the list passes. */
export function uriOf({ Uri }: Host["vs"], item: unknown): Uri | null {
  if (item instanceof Uri) return item;
  if (typeof item === "object" && item !== null && "uri" in item && item.uri instanceof Uri) return item.uri;
  return null;
}
