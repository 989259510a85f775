/** Writes session files whole or not at all: a reader never meets half a file, also not after a crash. */
import * as l10n from "@vscode/l10n";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Uri } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import { isThere } from "../files.ts";
import type { VsCode } from "../vs.ts";

/** Numbers tried after a name before giving up. */
const MOST_NUMBERS = 1000;

/**
 * Writes text over a file, or to a new one.
 *
 * @throws SwapError `write-failed`
 */
export async function overwriteFile(vs: VsCode, uri: Uri, text: string): Promise<void> {
  await told(uri, async () => {
    if (uri.scheme !== "file") {
      await vs.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
      return;
    }
    await fs.mkdir(path.dirname(uri.fsPath), { recursive: true });
    // A link stays a link: what it points at is replaced.
    const target = await fs.realpath(uri.fsPath).catch(() => uri.fsPath);
    const mode = await fs.stat(target).then(
      (found) => found.mode,
      () => null,
    );
    const temporary = await writtenBeside(target, text);
    try {
      if (mode !== null) await fs.chmod(temporary, mode);
      await fs.rename(temporary, target);
    } catch (error) {
      await fs.rm(temporary, { force: true });
      throw error;
    }
  });
}

/**
 * Writes text to a file that did not exist, under the first free of several names.
 *
 * @param name the `n`-th name to try, from 1
 * @returns the file
 * @throws SwapError `write-failed`
 */
export async function writeNewFile(
  vs: VsCode,
  folder: Uri,
  name: (n: number) => string,
  text: string,
): Promise<Uri> {
  return told(folder, async () => {
    await vs.workspace.fs.createDirectory(folder);
    for (let n = 1; n <= MOST_NUMBERS; n++) {
      const uri = vs.Uri.joinPath(folder, name(n));
      if (await isThere(vs, uri)) continue;
      if (uri.scheme !== "file") {
        await vs.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
        return uri;
      }
      if (await created(uri.fsPath, text)) return uri;
    }
    throw new Error(l10n.t("{0} to {1} exist already.", name(1), name(MOST_NUMBERS)));
  });
}

/** @returns false when another program has made the file since */
async function created(target: string, text: string): Promise<boolean> {
  const temporary = await writtenBeside(target, text);
  try {
    // Unlike a rename, a link never replaces what another window wrote a moment ago.
    await fs.link(temporary, target);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    // File systems without links, such as FAT.
    await fs.rename(temporary, target);
    return true;
  } finally {
    await fs.rm(temporary, { force: true });
  }
}

async function writtenBeside(target: string, text: string): Promise<string> {
  const temporary = path.join(
    path.dirname(target),
    `.${path.basename(target)}.${randomBytes(6).toString("hex")}.tmp`,
  );
  const file = await fs.open(temporary, "wx");
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await file.close();
    await fs.rm(temporary, { force: true });
    throw error;
  }
  await file.close();
  return temporary;
}

async function told<T>(uri: Uri, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SwapError(
      "write-failed",
      l10n.t("The session could not be written to {0}: {1}", uri.path, reason),
      l10n.t("Check that the folder can be written to, or use Save Session As…."),
      { cause: error },
    );
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
