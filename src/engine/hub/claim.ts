/** One download at a time into a folder: two windows that append to one file would spoil it. */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { SwapError } from "../../shared/errors.ts";

/** Name of the file that holds the process that downloads. */
const CLAIM_NAME = "state-swap-download.pid";

/**
 * Claims a folder for this process; the claim of one that is gone is taken over.
 *
 * @returns gives it back
 * @throws SwapError `write-failed` when another process has it
 */
export async function claim(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, CLAIM_NAME);
  await fs.mkdir(folder, { recursive: true });
  const take = (): Promise<boolean> =>
    fs.writeFile(file, String(process.pid), { flag: "wx" }).then(
      () => true,
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
        throw error;
      },
    );
  if (!(await take())) {
    const owner = Number(await fs.readFile(file, "utf8").catch(() => ""));
    if (!isAlive(owner)) await fs.rm(file, { force: true });
    if (isAlive(owner) || !(await take())) {
      throw new SwapError(
        "write-failed",
        `This model is being downloaded already, by process ${owner}.`,
        `Wait for it. If no window downloads it, delete ${file} and try again.`,
      );
    }
  }
  return () => fs.rm(file, { force: true });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one, too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
