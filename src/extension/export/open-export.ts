/** Open Session from Export…: takes the session out of an exported SVG or HTML and opens it as a session file. */
import * as l10n from "@vscode/l10n";
import type { Uri } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import { sessionFromExport } from "../../shared/export/carry.ts";
import { serializeSession } from "../../shared/session/serialize.ts";
import type { Host } from "../host.ts";
import { SESSION_EDITOR_ID } from "../ids.ts";
import { numberedName } from "../sessions/file-names.ts";
import { writeNewFile } from "../sessions/write-file.ts";

/**
 * The session is written beside the exported file, under a name that is free: nothing is ever written over.
 *
 * @param uri the exported file; null: asked for
 * @throws SwapError `not-a-session`, `session-damaged`, `session-newer`, `file-not-found`, `write-failed`
 */
export async function openExport(host: Host, uri: Uri | null): Promise<void> {
  const { vs } = host;
  const file = uri ?? (await chosenFile(host));
  if (!file) return;
  const session = sessionFromExport(await textOf(host, file));
  const base = (file.path.split("/").at(-1) ?? "session").replace(/\.[^.]*$/, "");
  const text = serializeSession(session);
  const folder = vs.Uri.joinPath(file, "..");
  const written = await writeNewFile(vs, folder, (n) => numberedName(base, n), text);
  await vs.commands.executeCommand("vscode.openWith", written, SESSION_EDITOR_ID);
  host.notices.hint(l10n.t("Saved as {0}", vs.workspace.asRelativePath(written)));
}

async function chosenFile({ vs }: Host): Promise<Uri | null> {
  const chosen = await vs.window.showOpenDialog({
    canSelectMany: false,
    filters: { [l10n.t("Exported SVG or HTML")]: ["svg", "html", "htm"] },
    openLabel: l10n.t("Open Session"),
    title: l10n.t("Open Session from Export"),
  });
  return chosen?.[0] ?? null;
}

async function textOf({ vs }: Host, uri: Uri): Promise<string> {
  try {
    return new TextDecoder().decode(await vs.workspace.fs.readFile(uri));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SwapError(
      "file-not-found",
      l10n.t("Cannot read {0}: {1}", uri.path, reason),
      l10n.t("Check the file."),
      { cause },
    );
  }
}
