/** Which model runs, what it is called, and where the embedded one is. */
import * as l10n from "@vscode/l10n";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { SwapError } from "../../shared/errors.ts";

/** A model to open. */
export interface ModelChoice {
  /** File or folder; relative paths of the settings are resolved by the caller. */
  readonly path: string;
  readonly embedded: boolean;
  /** Its name where the path does not tell; see `choiceName`. */
  readonly name?: string;
}

/** A choice's name for people; empty without a choice. */
export function choiceName(choice: ModelChoice | null): string {
  return choice ? (choice.name ?? modelName(choice.path)) : "";
}

/** What makes two choices the same. */
export function modelKeyOf(choice: ModelChoice): string {
  return choice.path;
}

/** A model's name for people: its file or folder, without what every such name has. */
export function modelName(modelPath: string): string {
  const parts = modelPath.split(/[\\/]/).filter((part) => part !== "");
  const file = parts.at(-1) ?? modelPath;
  const isGraph = /\.onnx$/i.test(file);
  // A graph inside a hub-layout folder is called `model.onnx` everywhere: the folder names the model.
  if (isGraph) return folderName(parts.slice(0, -1)) ?? file.replace(/\.onnx$/i, "");
  if (/^[0-9a-f]{40}$/.test(file)) return folderName(parts) ?? file;
  const blob = /^sha256[-:]([0-9a-f]{12})[0-9a-f]{52}$/.exec(file);
  return (blob ? `blob ${blob[1]!}` : cachedName(file)).replace(/\.gguf$/i, "");
}

/** The folder that names a model: above `onnx`, a commit of a hub, and the snapshots of its cache. */
function folderName(parts: readonly string[]): string | undefined {
  const folders = [...parts];
  if (folders.at(-1) === "onnx") folders.pop();
  if (/^[0-9a-f]{40}$/.test(folders.at(-1) ?? "")) folders.pop();
  if (folders.at(-1) === "snapshots") folders.pop();
  const folder = folders.at(-1);
  return folder === undefined ? undefined : cachedName(folder);
}

/** `models--owner--name` of a hub cache is `name`. */
function cachedName(folder: string): string {
  return /^models--.+?--(.+)$/.exec(folder)?.[1] ?? folder;
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
