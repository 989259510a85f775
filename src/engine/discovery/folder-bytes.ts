/** How much a folder holds. */
import * as fs from "node:fs/promises";
import * as path from "node:path";

/** Bytes of all files below a folder, links not followed; 0 where there is none, or it cannot be read. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(
        async (entry) =>
          (await fs.stat(path.join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0,
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
