/** Which model runs: the one that the settings name, else the embedded one. */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { SwapError } from "../../shared/errors.ts";

/** A model to open. */
export interface ModelChoice {
  /** File or folder; relative paths of the settings are resolved by the caller. */
  readonly path: string;
  readonly embedded: boolean;
}

/** What the panel says of the embedded model. */
export const embeddedTag = {
  label: "demonstration model",
  description:
    "A demonstration, never evidence: its flip sits where its training put it. Make claims with real models only.",
} as const;

/** What makes two choices the same. */
export function modelKeyOf(choice: ModelChoice): string {
  return choice.path;
}

/** A model's name for people: its file or folder, without what every such name has. */
export function modelName(modelPath: string): string {
  const parts = modelPath.split(/[\\/]/).filter((part) => part !== "");
  const file = parts.at(-1) ?? modelPath;
  const isGraph = /\.onnx$/i.test(file);
  if (!isGraph) return file.replace(/\.gguf$/i, "");
  // A graph inside a hub-layout folder is called `model.onnx` everywhere: the folder names the model.
  const folders = parts.slice(0, -1);
  if (folders.at(-1) === "onnx") folders.pop();
  return folders.at(-1) ?? file.replace(/\.onnx$/i, "");
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
      "The embedded model is missing from this installation.",
      "Select a model of your own, or install the extension again.",
    );
  }
  return { path: path.join(modelsFolder, only.name), embedded: true };
}
