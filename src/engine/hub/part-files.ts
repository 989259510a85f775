/** Files of a download that did not end: they stand under names that are not final. */
import * as fs from "node:fs/promises";
import * as path from "node:path";

/** Removes what a process that was ended in the middle left in a revision's folder. */
export async function dropPartFiles(folder: string): Promise<void> {
  const names = await fs.readdir(folder, { recursive: true }).catch(() => []);
  for (const name of names) {
    if (/\.tmp\.[\w.-]+$/.test(name)) await fs.rm(path.join(folder, name), { force: true });
  }
}
