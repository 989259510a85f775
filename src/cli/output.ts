/** Where results go: stdout, or a file that is written whole or not at all. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SwapError } from "../shared/errors.ts";

/** One write takes at most this many bytes; the system's own limit is near 2 GiB. */
const PIECE_BYTES = 64 << 20;

const STDOUT = 1;

const ELSEWHERE = "Choose another place with -o.";

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
 * Checks that a file can be written: now, since a long run must not fail at its end for a wrong path.
 *
 * @throws SwapError `write-failed`
 */
export function checkWritable(file: string): void {
  try {
    checkPlace(file);
  } catch (cause) {
    throw cause instanceof SwapError ? cause : notWritten(file, cause);
  }
}

function checkPlace(file: string): void {
  const folder = path.dirname(absolute(file));
  const stat = fs.statSync(folder, { throwIfNoEntry: false });
  if (!stat) {
    throw new SwapError(
      "write-failed",
      `Cannot write ${file}: the folder ${folder} does not exist.`,
      "Create it first.",
    );
  }
  if (!stat.isDirectory()) {
    throw new SwapError("write-failed", `Cannot write ${file}: ${folder} is no folder.`, ELSEWHERE);
  }
  const present = fs.statSync(file, { throwIfNoEntry: false });
  if (present?.isDirectory()) {
    throw new SwapError("write-failed", `Cannot write ${file}: it is a folder.`, "Name a file in it.");
  }
  // A file is replaced, which its folder must allow; a device is written in place.
  fs.accessSync(present && !present.isFile() ? file : folder, fs.constants.W_OK);
}

/** The absolute path of a file. */
function absolute(file: string): string {
  try {
    return path.resolve(file);
  } catch (cause) {
    const sentence = `Cannot write ${file}: the working folder does not exist any more.`;
    throw new SwapError("write-failed", sentence, "Change to a folder that exists, or give a whole path.", {
      cause,
    });
  }
}

/** Columns of the terminal; a fixed number where results go elsewhere. */
export function stdoutColumns(): number {
  return process.stdout.columns || DEFAULT_COLUMNS;
}

/**
 * Writes a text to its place.
 *
 * @throws SwapError `write-failed`
 */
export function writeText(text: string, file: string | null): void {
  if (file === null) writeStdout(text);
  else writeFile(file, [Buffer.from(text, "utf8")]);
}

/**
 * Writes to stdout, all of it or an error. Node writes what fits on a full disk and says nothing of the rest.
 *
 * @throws SwapError `write-failed` for files and devices; pipes and terminals tell the stream's listener
 */
export function writeStdout(text: string): void {
  if (!stdoutTakesWholeWrites()) {
    process.stdout.write(text);
    return;
  }
  try {
    writeAll(STDOUT, Buffer.from(text, "utf8"));
  } catch (cause) {
    throw stdoutError(cause);
  }
}

/** The error of a stdout that took no more. */
export function stdoutError(cause: unknown): SwapError {
  const hint = "What was written so far is not the whole result. Send it to another place.";
  return new SwapError("write-failed", `Cannot write to standard output: ${reasonOf(cause)}.`, hint, {
    cause,
  });
}

/** Files and devices; a pipe may be full for a while, which only the stream waits for. */
function stdoutTakesWholeWrites(): boolean {
  if (process.stdout.isTTY) return false;
  try {
    const stat = fs.fstatSync(STDOUT);
    return stat.isFile() || stat.isCharacterDevice();
  } catch {
    return false;
  }
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
    const real = stat ? fs.realpathSync(file) : absolute(file);
    // A name of its own length: one that is made of the file's may be too long.
    temporary = path.join(path.dirname(real), `.state-swap-${process.pid}.tmp`);
    writeParts(temporary, parts);
    fs.renameSync(temporary, real);
  } catch (cause) {
    if (temporary !== null) fs.rmSync(temporary, { force: true });
    throw cause instanceof SwapError ? cause : notWritten(file, cause);
  }
}

function notWritten(file: string, cause: unknown): SwapError {
  return new SwapError("write-failed", `Cannot write ${file}: ${reasonOf(cause)}.`, ELSEWHERE, { cause });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function writeParts(file: string, parts: readonly Buffer[]): void {
  const handle = fs.openSync(file, "w");
  try {
    for (const part of parts) writeAll(handle, part);
    // Some file systems find out that they are full only now.
    if (fs.fstatSync(handle).isFile()) fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

function writeAll(handle: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) {
    const count = Math.min(PIECE_BYTES, bytes.length - written);
    written += fs.writeSync(handle, bytes, written, count);
  }
}
