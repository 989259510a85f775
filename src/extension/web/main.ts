/** Entry of the extension in a browser without a machine behind it, such as vscode.dev: sessions can be looked at. */
import * as vscode from "vscode";
import { setLanguage } from "../../shared/text/language.ts";
import { createViewer } from "./compose.ts";

/** Called by VS Code when a session or the panel is opened, or on the first command. */
export function activate(context: vscode.ExtensionContext): void {
  setLanguage({ tag: vscode.env.language, texts: vscode.l10n.bundle ?? {} });
  createViewer(vscode, context);
}
