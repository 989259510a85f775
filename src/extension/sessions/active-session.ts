/** Which session has the focus. */
import * as l10n from "@vscode/l10n";
import type { Uri } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import { SESSION_EDITOR_ID } from "../ids.ts";
import type { VsCode } from "../vs.ts";

/**
 * The file of the session editor that has the focus. The tab is asked: it stands there while its page is still made.
 *
 * @throws SwapError `usage` when there is none
 */
export function activeSession(vs: VsCode): Uri {
  const input = vs.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vs.TabInputCustom && input.viewType === SESSION_EDITOR_ID) return input.uri;
  throw new SwapError("usage", l10n.t("No session is open."), l10n.t("Open a session file first."));
}
