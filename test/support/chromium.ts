/** The Chromium that tests of pages run in. */
import * as fs from "node:fs";
import * as path from "node:path";

/** Chromium of this machine: SWAP_CHROMIUM, or the first known name on PATH; null when there is none. */
export function findChromium(): string | null {
  const named = process.env.SWAP_CHROMIUM;
  if (named !== undefined && named !== "") return named;
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  for (const name of names) {
    const found = folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
    if (found !== undefined) return found;
  }
  return null;
}
