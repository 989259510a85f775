/** Session files to look at: their editor, their list, comparing. Nothing of it needs an engine or a model. */
import * as l10n from "@vscode/l10n";
import type { Uri } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import type { ViewerHost } from "../host.ts";
import type { Disposable } from "../signal.ts";
import type { VsCode } from "../vs.ts";
import { activeSession } from "./active-session.ts";
import { ComparisonTabs, pickOther } from "./comparison-tabs.ts";
import { deleteSessions } from "./delete-sessions.ts";
import type { FileRuns } from "./session-editor.ts";
import { openAsText, SessionEditors } from "./session-editor.ts";
import { SessionIndex } from "./session-index.ts";
import { createSessionTree } from "./tree.ts";

/** What commands about files do. Each takes what a menu or link passed, and, from lists, all that is selected. */
export interface FileActions {
  readonly compare: (item?: unknown) => Promise<void>;
  readonly compareSelected: (item?: unknown, selected?: unknown) => Promise<void>;
  readonly openAsText: (item?: unknown) => Promise<void>;
  readonly reveal: (item?: unknown) => Promise<void>;
  readonly remove: (item?: unknown, selected?: unknown) => Promise<void>;
  readonly sort: () => Promise<void>;
  readonly filter: () => Promise<void>;
}

/** Registers the session editor and the list. */
export function createSessionFiles(
  host: ViewerHost,
  runs: FileRuns,
): Disposable & { readonly actions: FileActions } {
  const { vs } = host;
  const index = new SessionIndex(host);
  const tabs = new ComparisonTabs(host);
  const tree = createSessionTree(host, index);
  const subscriptions = [new SessionEditors(host, runs), index, tabs, tree];
  const actions: FileActions = {
    compare: async (item) => {
      const uri = fileOf(vs, item);
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
    openAsText: (item) => openAsText(host, fileOf(vs, item)),
    reveal: async (item) => {
      await vs.commands.executeCommand("revealInExplorer", fileOf(vs, item));
    },
    remove: (item, selected) => deleteSessions(host, urisOf(vs, item, selected)),
    sort: tree.sort,
    filter: tree.filter,
  };
  return {
    actions,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** The file that a command means: the one that was passed, else the one that has the focus. */
export function fileOf(vs: VsCode, item: unknown): Uri {
  return uriOf(vs, item) ?? activeSession(vs);
}

/** All files of a selection in a list; the one that the menu was opened on alone where that is not among them. */
function urisOf(vs: VsCode, item: unknown, selected: unknown): Uri[] {
  const all = Array.isArray(selected) ? selected.flatMap((one) => uriOf(vs, one) ?? []) : [];
  const clicked = uriOf(vs, item);
  const isAmong = clicked !== null && all.some((uri) => uri.toString() === clicked.toString());
  return clicked === null || isAmong ? all : [clicked];
}

/** The file that a menu of the explorer, of an editor's title or of the list passes. */
export function uriOf({ Uri }: VsCode, item: unknown): Uri | null {
  if (item instanceof Uri) return item;
  if (typeof item === "object" && item !== null && "uri" in item && item.uri instanceof Uri) return item.uri;
  return null;
}
