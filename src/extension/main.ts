/** Entry of the extension: the commands, and what does them in a turn of its own. Nothing is read and no process starts before the first use. */
import * as vscode from "vscode";
import { registerCommands } from "./commands/register.ts";
import type { CommandRunner } from "./commands/register.ts";

/** Called by VS Code on the first command, or when a view or a session is opened. */
export function activate(context: vscode.ExtensionContext): void {
  let extension: Promise<CommandRunner> | null = null;
  const whole = (): Promise<CommandRunner> =>
    (extension ??= import("./compose.ts").then(({ createExtension }) => createExtension(vscode, context)));
  context.subscriptions.push(
    registerCommands(vscode, async (...command) => {
      await (
        await whole()
      )(...command);
    }),
  );
  // VS Code needs the commands now and waits for views; other extensions that start need a turn in between.
  setImmediate(() => void whole());
}
