/** Files that a model's folder gives by name: ordinary ones of its own. Whoever made the folder chose the names and the links. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SwapError } from "../../shared/errors.ts";

/**
 * The real path of a file of a model's folder. Links are followed within the folder and within the hub's cache entry that the
 * folder is a snapshot of (its files are links to `blobs`): a folder from elsewhere must not make a reader of files that were
 * never part of it. A folder whose model is itself a link to outside is the user's own gathering of links: nobody else knows
 * what stands where on this disk.
 *
 * @param name a path below the folder
 * @param model the model file that the user chose, or the file by whose name this one was asked for
 * @returns null where there is no such file
 * @throws SwapError `unsupported-model` for a link that leads out, and for pipes, devices and folders (reading a pipe never ends)
 */
export function ownFile(folder: string, name: string, model?: string): string | null {
  const place = path.join(folder, name);
  if (!fs.existsSync(place)) return null;
  const real = fs.realpathSync(place);
  const home = entryOf(fs.realpathSync(folder));
  const leadsOut = (file: string): boolean => !isBelow(fs.realpathSync(file), home);
  if (leadsOut(place) && (model === undefined || !leadsOut(model))) {
    throw new SwapError(
      "unsupported-model",
      `${place} is a link that leads out of the model's folder, to ${real}.`,
      "A model's files must not read other files. If the link is yours, put the file itself there, or link the whole folder.",
    );
  }
  if (!fs.statSync(real).isFile()) {
    throw new SwapError(
      "unsupported-model",
      `${place} is not an ordinary file.`,
      "Put the model's file there.",
    );
  }
  return real;
}

/** Whether a file is below a folder; both real paths. */
export function isBelow(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** The hub's cache entry that a folder is a snapshot of (`models--…/snapshots/revision/…`), else the folder. */
function entryOf(folder: string): string {
  const parts = folder.split(path.sep);
  const at = parts.lastIndexOf("snapshots");
  return at > 0 && parts[at - 1]!.startsWith("models--") ? parts.slice(0, at).join(path.sep) : folder;
}
