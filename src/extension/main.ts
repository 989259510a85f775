/** Entry of the extension: composes the modules. Nothing is read and no process starts before the first use. */
import * as vscode from "vscode";
import { setLanguage } from "../shared/text/language.ts";
import { createExtension } from "./compose.ts";

/** Called by VS Code on the first command, or when the panel is opened. */
export function activate(context: vscode.ExtensionContext): void {
  setLanguage({ tag: vscode.env.language, texts: vscode.l10n.bundle ?? {} });
  createExtension(vscode, context);
}
