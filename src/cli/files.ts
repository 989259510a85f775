/** Files that the command line reads. */
import * as fs from "node:fs";
import { SwapError } from "../shared/errors.ts";

/**
 * The bytes of a file, or of stdin for `-`.
 *
 * @param what how messages call the file: `prompt`, `vectors`
 * @throws SwapError `file-not-found`
 */
export function readBytes(file: string, what: string): Buffer {
  try {
    return fs.readFileSync(file === "-" ? 0 : file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SwapError(
      "file-not-found",
      `Cannot read the ${what} file ${file}: ${reason}.`,
      "Check the path.",
      {
        cause,
      },
    );
  }
}
