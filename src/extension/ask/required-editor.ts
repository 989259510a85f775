/** The editor that a command works in. */
import * as l10n from "@vscode/l10n";
import type { TextEditor } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import type { Host } from "../host.ts";

/**
 * The active text editor; beside a page that is none, such as the walkthrough, the only text editor that is visible.
 *
 * @throws SwapError `usage` when there is none, or more than one beside such a page
 */
export function requiredEditor(host: Host): TextEditor {
  const { activeTextEditor, visibleTextEditors } = host.vs.window;
  if (activeTextEditor) return activeTextEditor;
  const [only, another] = visibleTextEditors.filter(({ document }) => document.uri.scheme !== "output");
  if (only && !another) return only;
  throw new SwapError(
    "usage",
    l10n.t("No text editor is active."),
    l10n.t("Open a file with a prompt, or run the demo."),
  );
}
