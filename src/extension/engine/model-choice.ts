/** Which model runs, and where the embedded one is. */
import * as l10n from "@vscode/l10n";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { SwapError } from "../../shared/errors.ts";
import { modelName } from "../../shared/text/model-name.ts";

/** A model to open. */
export interface ModelChoice {
  /** File or folder; relative paths of the settings are resolved by the caller. */
  readonly path: string;
  readonly embedded: boolean;
  /** Its name where the path does not tell; see `choiceName`. */
  readonly name?: string;
  /** As the user wrote it in a setting; absent where it was chosen otherwise. */
  readonly written?: string;
}

/** A choice's name for people; empty without a choice. */
export function choiceName(choice: ModelChoice | null): string {
  return choice ? (choice.name ?? modelName(choice.path)) : "";
}

/** What makes two choices the same. */
export function modelKeyOf(choice: ModelChoice): string {
  return choice.path;
}

/**
 * The embedded model's folder: the only one in `media/models`.
 *
 * @throws SwapError `file-not-found` when the extension was installed without it
 */
export async function embeddedModel(modelsFolder: string): Promise<ModelChoice> {
  const entries = await fs.readdir(modelsFolder, { withFileTypes: true }).catch(() => []);
  const [only, another] = entries.filter((entry) => entry.isDirectory());
  if (!only || another) {
    throw new SwapError(
      "file-not-found",
      l10n.t("The embedded model is missing from this installation."),
      l10n.t("Select a model of your own, or install the extension again."),
    );
  }
  return { path: path.join(modelsFolder, only.name), embedded: true };
}
