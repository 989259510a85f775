/** Which machine this package was built for, and that it is another one: said at activation, once for each version. */
import * as fs from "node:fs";
import * as l10n from "@vscode/l10n";
import type { ExtensionContext } from "vscode";
import { machineName } from "../../engine/model/runtime/machine.ts";
import type { RuntimeFault } from "../../shared/experiment/runtime.ts";
import { TARGET_FILE } from "../../shared/targets.ts";
import { VERSION } from "../../shared/version.ts";
import { fallbackText, refusalText } from "../../shared/words/runtime.ts";
import { COMMAND_IDS } from "../ids.ts";
import type { Settings } from "../settings.ts";
import type { VsCode } from "../vs.ts";

const SAID_KEY = "stateSwap.wrongTarget";

/** Target of the package that runs; null in a checkout, which has none. */
export function packageTarget(context: Pick<ExtensionContext, "asAbsolutePath">): string | null {
  try {
    const text = fs.readFileSync(context.asAbsolutePath(`dist/${TARGET_FILE}`), "utf8");
    const { target } = JSON.parse(text) as { target?: unknown };
    return typeof target === "string" ? target : null;
  } catch {
    return null;
  }
}

/**
 * Says it where the native runtime is wanted.
 *
 * @returns whether the package is for another machine; then nobody else needs to say so
 */
export function sayWrongTarget({
  vs,
  context,
  settings,
}: {
  vs: VsCode;
  context: ExtensionContext;
  settings: () => Settings;
}): boolean {
  const target = packageTarget(context);
  if (target === null || target === "universal") return false;
  const machine = machineName();
  if (target === machine) return false;
  const asked = settings().runtime;
  const reason = `${VERSION} ${target} ${machine}`;
  if (asked === "wasm" || context.globalState.get(SAID_KEY) === reason) return true;
  void context.globalState.update(SAID_KEY, reason);
  const fault: RuntimeFault = {
    runtime: "native",
    code: "wrong-machine",
    machine,
    builtFor: target,
    detail: "",
  };
  const text = asked === "auto" ? fallbackText({ name: "wasm", fault }) : null;
  // A message without a button is cut to one line, and goes away by itself.
  const diagnostics = l10n.t("Show Diagnostics");
  void vs.window.showWarningMessage(text ?? refusalText([fault]), diagnostics).then((chosen) => {
    if (chosen === diagnostics) void vs.commands.executeCommand(COMMAND_IDS.showDiagnostics);
  });
  return true;
}
