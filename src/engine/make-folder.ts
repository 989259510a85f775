/** Makes a folder with those above it. */
import * as fs from "node:fs";
import * as path from "node:path";

/**
 * As `mkdirSync` with `recursive`, which never comes back where a folder of /proc is asked for: there a folder that exists
 * refuses a new one with the word for a folder that is missing.
 *
 * @throws the system's error where a folder cannot be made
 */
export function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder) makeFolder(above);
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Another process may have been first.
    if (!fs.existsSync(folder)) throw error;
  }
}
