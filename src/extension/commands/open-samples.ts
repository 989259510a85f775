/** Open Samples: copies the sample workspace into a folder of the user's choice and offers to open it. */
import * as l10n from "@vscode/l10n";
import type { FileStat, Uri } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import type { Host } from "../host.ts";

/** The folder that is made in the chosen one. */
const SAMPLES_FOLDER = "state-swap-samples";

/** The demo's result as a saved session, in the folder that sessions are saved to by default. */
export const SAMPLE_SESSION = "france-italy-swap.swap.json";

/** What copying did. */
export interface CopiedFiles {
  readonly copied: number;
  /** Files that were there already; they are left as they are. */
  readonly kept: number;
}

/**
 * Asks for a folder, copies the samples to `state-swap-samples` in it and asks whether to open them.
 *
 * @throws SwapError `write-failed`
 */
export async function openSamples(host: Host): Promise<void> {
  const { vs } = host;
  const [parent] =
    (await vs.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      openLabel: l10n.t("Copy Samples Here"),
      title: l10n.t("Folder for the Samples"),
    })) ?? [];
  if (!parent) return;
  const target = vs.Uri.joinPath(parent, SAMPLES_FOLDER);
  const copied = await copySamples(host, target);
  await offerToOpen(host, target, copied);
}

/**
 * Copies the sample workspace into a folder, which is made if it is missing, and the demo's session with it. What is
 * there already stays as it is.
 *
 * @throws SwapError `write-failed` when the folder cannot be written
 */
async function copySamples({ vs, context }: Pick<Host, "vs" | "context">, target: Uri): Promise<CopiedFiles> {
  const { fs } = vs.workspace;
  const joinPath = (folder: Uri, ...names: readonly string[]): Uri => vs.Uri.joinPath(folder, ...names);
  const done = { copied: 0, kept: 0 };
  const copyFile = async (from: Uri, to: Uri): Promise<void> => {
    if (await exists(fs, to)) {
      done.kept++;
      return;
    }
    // Not `fs.copy`: it would keep the read-only mode that some installations give an extension's files.
    await fs.writeFile(to, await fs.readFile(from));
    done.copied++;
  };
  const copyFolder = async (from: Uri, to: Uri): Promise<void> => {
    await fs.createDirectory(to);
    for (const [name, type] of await fs.readDirectory(from)) {
      const copy = type === vs.FileType.Directory ? copyFolder : copyFile;
      await copy(joinPath(from, name), joinPath(to, name));
    }
  };
  try {
    await copyFolder(joinPath(context.extensionUri, "samples"), target);
    // The stored demo is a session: one file serves the panel and the samples.
    const session = joinPath(context.extensionUri, "media", "demo.swap.json");
    await fs.createDirectory(joinPath(target, "sessions"));
    await copyFile(session, joinPath(target, "sessions", SAMPLE_SESSION));
  } catch (cause) {
    throw new SwapError(
      "write-failed",
      l10n.t("The samples could not be copied to {0}.", target.fsPath),
      l10n.t("Choose a folder that you may write to."),
      { cause },
    );
  }
  return done;
}

async function exists(fs: { stat(uri: Uri): Thenable<FileStat> }, uri: Uri): Promise<boolean> {
  try {
    await fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

/** The sentence after copying. */
export function copiedText({ copied, kept }: CopiedFiles, folder: string): string {
  if (copied === 0) return l10n.t("The samples are in {0} already. Nothing was changed.", folder);
  const count =
    copied === 1
      ? l10n.t("1 sample was copied to {0}.", folder)
      : l10n.t("{0} samples were copied to {1}.", copied, folder);
  if (kept === 0) return count;
  const left =
    kept === 1
      ? l10n.t("1 file that was there is as it was.")
      : l10n.t("{0} files that were there are as they were.", kept);
  return `${count} ${left}`;
}

async function offerToOpen(host: Host, folder: Uri, copied: CopiedFiles): Promise<void> {
  const { vs } = host;
  const isEmptyWindow = (vs.workspace.workspaceFolders ?? []).length === 0;
  const [open, openNew, add] = [
    l10n.t("Open"),
    l10n.t("Open in New Window"),
    l10n.t("Add to Workspace"),
  ] as const;
  const chosen = await vs.window.showInformationMessage(
    copiedText(copied, folder.fsPath),
    open,
    openNew,
    ...(isEmptyWindow ? [] : [add]),
  );
  if (chosen === add) {
    vs.workspace.updateWorkspaceFolders(vs.workspace.workspaceFolders?.length ?? 0, 0, { uri: folder });
  } else if (chosen !== undefined) {
    await vs.commands.executeCommand("vscode.openFolder", folder, { forceNewWindow: chosen === openNew });
  }
}
