/** Where results go: stdout, or a file that is written whole or not at all. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SwapError } from "../shared/errors.ts";

/** One write takes at most this many bytes; the system's own limit is near 2 GiB. */
const PIECE_BYTES = 64 << 20;

/** Width of tables that are piped. */
const DEFAULT_COLUMNS = 100;

/** The form of a result. */
export type Format = "table" | "json" | "csv";

/** Form and place of a result; `file` null = stdout. */
export interface Output {
  readonly format: Format;
  readonly file: string | null;
}

/**
 * Checks that a file can be written.
 *
 * @throws SwapError `write-failed`
 */
export function checkWritable(file: string): void {
  const folder = path.dirname(path.resolve(file));
  if (!fs.existsSync(folder)) {
    throw new SwapError(
      "write-failed",
      `Cannot write ${file}: the folder ${folder} does not exist.`,
      "Create it first.",
    );
  }
  if (fs.statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new SwapError("write-failed", `Cannot write ${file}: it is a folder.`, "Name a file in it.");
  }
}

/** Columns of the terminal; a fixed number where results go elsewhere. */
export function stdoutColumns(): number {
  return process.stdout.columns || DEFAULT_COLUMNS;
}

/** Writes a text to its place. */
export function writeText(text: string, file: string | null): void {
  if (file === null) process.stdout.write(text);
  else writeFile(file, [Buffer.from(text, "utf8")]);
}

/**
 * Writes a file through a temporary one beside it, so that readers never see half of it. Devices and pipes, which must
 * not be replaced, are written in place; a link keeps its place, and the file behind it is replaced.
 *
 * @throws SwapError `write-failed`; no temporary file is left behind
 */
export function writeFile(file: string, parts: readonly Buffer[]): void {
  let temporary: string | null = null;
  try {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat && !stat.isFile()) {
      writeParts(file, parts);
      return;
    }
    const real = stat ? fs.realpathSync(file) : path.resolve(file);
    temporary = `${real}.${process.pid}.tmp`;
    writeParts(temporary, parts);
    fs.renameSync(temporary, real);
  } catch (cause) {
    if (temporary !== null) fs.rmSync(temporary, { force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SwapError("write-failed", `Cannot write ${file}: ${reason}.`, "Choose another place with -o.", {
      cause,
    });
  }
}

function writeParts(file: string, parts: readonly Buffer[]): void {
  const handle = fs.openSync(file, "w");
  try {
    for (const part of parts) {
      let written = 0;
      while (written < part.length) {
        const count = Math.min(PIECE_BYTES, part.length - written);
        written += fs.writeSync(handle, part, written, count);
      }
    }
  } finally {
    fs.closeSync(handle);
  }
}
