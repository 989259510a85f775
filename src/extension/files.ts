/** Files of any file system, by the editor's own means. */
import type { Uri } from "vscode";
import type { VsCode } from "./vs.ts";

/** True when something stands at an address. */
export async function isThere(vs: VsCode, uri: Uri): Promise<boolean> {
  return vs.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** A file's text; null when there is none. */
export async function readText(vs: VsCode, uri: Uri): Promise<string | null> {
  if (!(await isThere(vs, uri))) return null;
  return new TextDecoder().decode(await vs.workspace.fs.readFile(uri));
}
