/** What is said of a model that could not be opened, beside what the engine says. */
import * as l10n from "@vscode/l10n";
import { existsSync } from "node:fs";
import { SwapError } from "../../shared/errors.ts";

/** What is said of a model whose opening ended the engine, when it is asked for again; null where the engine still runs. */
export function engineLost(error: unknown): SwapError | null {
  if (!(error instanceof SwapError)) return null;
  const isLost =
    error.code === "engine-crashed" || error.code === "engine-timeout" || error.hintCode === "opening-budget";
  if (!isLost) return null;
  return new SwapError(
    error.code,
    l10n.t("{0} The model is not opened again by itself.", error.message),
    l10n.t("Restart the engine to try it once more, or select another model."),
  );
}

/** A model that is not there, told by the path that its user wrote. */
export function asWritten(error: unknown, path: string, written: string | undefined): unknown {
  const isMissing = error instanceof SwapError && error.code === "file-not-found" && !existsSync(path);
  return isMissing && written !== undefined
    ? error.retold(l10n.t("There is no file or folder at {0}.", written))
    : error;
}
