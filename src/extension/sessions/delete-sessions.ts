/** Deletes session files: asked for first, to the trash where there is one. */
import * as l10n from "@vscode/l10n";
import type { Uri } from "vscode";
import type { Host } from "../host.ts";

/** Asks, then deletes. */
export async function deleteSessions({ vs }: Pick<Host, "vs">, uris: readonly Uri[]): Promise<void> {
  if (uris.length === 0) return;
  const names = uris.map((uri) => uri.path.split("/").at(-1) ?? "");
  const question =
    names.length === 1
      ? l10n.t("Delete the session {0}?", names[0]!)
      : l10n.t("Delete {0} sessions?", names.length);
  const listed = names.length === 1 ? "" : `${names.join("\n")}\n\n`;
  const detail = `${listed}${l10n.t("Restore from the trash where your system has one.")}`;
  const move = l10n.t("Move to Trash");
  const answer = await vs.window.showWarningMessage(question, { modal: true, detail }, move);
  if (answer !== move) return;
  for (const uri of uris) await deleted(vs, uri);
}

/** File systems without a trash delete for good: that is asked for again. */
async function deleted(vs: Host["vs"], uri: Uri): Promise<void> {
  try {
    await vs.workspace.fs.delete(uri, { useTrash: true });
  } catch {
    const name = uri.path.split("/").at(-1) ?? "";
    const question = l10n.t("{0} cannot be moved to the trash. Delete it for good?", name);
    const forGood = l10n.t("Delete Permanently");
    const answer = await vs.window.showWarningMessage(question, { modal: true }, forGood);
    if (answer === forGood) await vs.workspace.fs.delete(uri, { useTrash: false });
  }
}
