/** Says once that another runtime runs than would have been taken first, and what to install. */
import * as l10n from "@vscode/l10n";
import type { ExtensionContext } from "vscode";
import { fallbackText } from "../../shared/words/runtime.ts";
import { COMMAND_IDS } from "../ids.ts";
import type { Disposable } from "../signal.ts";
import type { VsCode } from "../vs.ts";
import type { EngineSupervisor } from "./supervisor.ts";

const SAID_KEY = "stateSwap.runtimeFault";

/**
 * Follows the supervisor. What was said is kept, so that each reason is told once and not in every window.
 *
 * @param isWrongTarget whether it was said already that the package is for another machine
 */
export function sayFallback(
  { vs, context, supervisor }: { vs: VsCode; context: ExtensionContext; supervisor: EngineSupervisor },
  isWrongTarget: boolean,
): Disposable {
  const said = context.globalState;
  return supervisor.changed.on(({ state, info }) => {
    if (state !== "ready" || !info) return;
    const { fault } = info.runtime;
    if (isWrongTarget && fault?.code === "wrong-machine") return;
    const reason = fault && `${fault.runtime} ${fault.code} ${fault.machine}`;
    if ((said.get<string>(SAID_KEY) ?? null) === reason) return;
    void said.update(SAID_KEY, reason ?? undefined);
    const text = fallbackText(info.runtime);
    if (text === null) return;
    const restart = l10n.t("Restart Engine");
    void vs.window.showWarningMessage(text, restart).then((chosen) => {
      if (chosen === restart) void vs.commands.executeCommand(COMMAND_IDS.restartEngine);
    });
  });
}
