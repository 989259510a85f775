/** What a model is called, by its path. */

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
