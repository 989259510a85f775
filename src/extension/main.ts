/** Entry of the extension: composes the modules. Nothing is read and no process starts before the first use. */
import * as vscode from "vscode";
import { createExtension } from "./compose.ts";

/** Called by VS Code on the first command, or when the panel is opened. */
export function activate(context: vscode.ExtensionContext): void {
  createExtension(vscode, context);
}
