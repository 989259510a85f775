/** Export…: asks for a format and a file, and writes a session in it. */
import * as l10n from "@vscode/l10n";
import type { QuickPickItem, Uri } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import { parseSession } from "../../shared/session/parse.ts";
import type { Session } from "../../shared/session/session.ts";
import { isThere } from "../files.ts";
import type { ViewerHost } from "../host.ts";
import { activeSession } from "../sessions/active-session.ts";
import { withoutEnding } from "../sessions/file-names.ts";
import type { ExportChoice, ExportMeans, Format } from "./formats.ts";
import { exportChoices } from "./formats.ts";

/** A format as it is offered. */
interface FormatItem extends QuickPickItem {
  readonly format: Format;
  /** For the file dialog. */
  readonly filter: string;
}

function formats(): readonly FormatItem[] {
  return [
    {
      format: "html",
      filter: "HTML",
      label: "$(globe) HTML",
      description: l10n.t("one file"),
      detail: l10n.t("The result as the panel shows it, in any browser. Opens again as a session."),
    },
    {
      format: "svg",
      filter: "SVG",
      label: "$(graph) SVG",
      description: l10n.t("strip or heatmap"),
      detail: l10n.t("A drawing, as shown or in print colours. Opens again as a session."),
    },
    {
      format: "png",
      filter: "PNG",
      label: "$(file-media) PNG",
      description: l10n.t("strip or heatmap"),
      detail: l10n.t("The same drawing in pixels, at twice its size."),
    },
    {
      format: "csv",
      filter: "CSV",
      label: "$(table) CSV",
      description: l10n.t("sweep or grid"),
      detail: l10n.t("Numbers for spreadsheets and scripts, with the command line’s columns."),
    },
    {
      format: "json",
      filter: "JSON",
      label: "$(json) JSON",
      description: l10n.t("sweep, grid or session"),
      detail: l10n.t("Everything, as the command line or the session file writes it."),
    },
    {
      format: "md",
      filter: "Markdown",
      label: "$(markdown) Markdown",
      description: l10n.t("summary"),
      detail: l10n.t("Set-up, verdict, numbers by k and how to run it again: for a paper’s appendix."),
    },
  ];
}

/**
 * Exports a session file.
 *
 * @param uri null: the session editor that has the focus
 * @throws SwapError `usage` without a session; what `parseSession` throws; `write-failed`
 */
export async function exportSessionFile(host: ViewerHost, uri: Uri | null): Promise<void> {
  const { vs } = host;
  const file = uri ?? activeSession(host.vs);
  const session = parseSession(new TextDecoder().decode(await vs.workspace.fs.readFile(file)));
  const name = withoutEnding(file.path.split("/").at(-1) ?? "session");
  await exportSession(session, vs.Uri.joinPath(file, ".."), name, {
    host,
    pages: host.exportPages,
    shownOn: "session",
  });
}

/**
 * Exports a session.
 *
 * @param folder where the dialog starts; null: where it likes
 * @param name of the file, without ending
 * @throws SwapError `usage` where it has nothing of the format; `write-failed`
 */
export async function exportSession(
  session: Session,
  folder: Uri | null,
  name: string,
  means: ExportMeans,
): Promise<void> {
  const { host } = means;
  const { vs } = host;
  const format = await vs.window.showQuickPick(formats(), {
    title: l10n.t("Export"),
    placeHolder: l10n.t("Format of {0}", name),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (!format) return;
  const choice = await pickPart(host, format, exportChoices(session, format.format, means));
  if (!choice) return;
  const uri = await pickFile(host, folder, name, format, choice);
  if (!uri) return;
  const content = await vs.window.withProgress(
    { location: vs.ProgressLocation.Window, title: l10n.t("State Swap: exporting {0}", format.filter) },
    choice.content,
  );
  await write(host, uri, content);
  await offerToOpen(host, uri, format.format);
}

async function pickPart(
  { vs }: ViewerHost,
  format: FormatItem,
  choices: readonly ExportChoice[],
): Promise<ExportChoice | null> {
  const [only, another] = choices;
  if (!only) {
    throw new SwapError(
      "usage",
      l10n.t("The result has nothing for {0}.", format.filter),
      l10n.t("Run the sweep or the grid first."),
    );
  }
  if (!another) return only;
  const items = choices.map((choice) => ({ label: choice.part, choice }));
  const picked = await vs.window.showQuickPick(items, {
    title: l10n.t("Export {0}", format.filter),
    placeHolder: l10n.t("What to export"),
    // The picker before this one gives the focus back late: that does not close it.
    ignoreFocusOut: true,
  });
  return picked?.choice ?? null;
}

/** The dialog itself asks before it gives a file that exists; the name it offers is free. */
async function pickFile(
  { vs }: ViewerHost,
  folder: Uri | null,
  name: string,
  { format, filter }: FormatItem,
  { suffix }: ExportChoice,
): Promise<Uri | undefined> {
  const base = suffix === "" ? name : `${name}-${suffix}`;
  const start = folder && (await existingFolder({ vs }, folder));
  return vs.window.showSaveDialog({
    defaultUri: start ? await freeName({ vs }, start, base, format) : vs.Uri.file(`${base}.${format}`),
    filters: { [filter]: [format] },
    saveLabel: l10n.t("Export"),
    title: l10n.t("Export {0}", filter),
  });
}

/** Numbers tried for a free name; then the dialog has to ask. */
const MOST_NUMBERS = 100;

async function freeName(
  { vs }: Pick<ViewerHost, "vs">,
  folder: Uri,
  base: string,
  ending: string,
): Promise<Uri> {
  for (let n = 1; n <= MOST_NUMBERS; n++) {
    const uri = vs.Uri.joinPath(folder, `${base}${n === 1 ? "" : `-${n}`}.${ending}`);
    if (!(await isThere(vs, uri))) return uri;
  }
  return vs.Uri.joinPath(folder, `${base}.${ending}`);
}

/** The folder, or the nearest one around it: dialogs refuse to start in one that is not there yet. */
async function existingFolder({ vs }: Pick<ViewerHost, "vs">, folder: Uri): Promise<Uri> {
  const parent = vs.Uri.joinPath(folder, "..");
  if (parent.path === folder.path || (await isThere(vs, folder))) return folder;
  return existingFolder({ vs }, parent);
}

async function write({ vs }: ViewerHost, uri: Uri, content: string | Uint8Array): Promise<void> {
  try {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await vs.workspace.fs.writeFile(uri, bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SwapError(
      "write-failed",
      l10n.t("The export could not be written to {0}: {1}", uri.path, reason),
      l10n.t("Choose a folder that can be written to."),
      { cause },
    );
  }
}

async function offerToOpen({ vs }: ViewerHost, uri: Uri, format: Format): Promise<void> {
  const inBrowser = l10n.t("Open in Browser");
  const open = l10n.t("Open");
  const isPage = format === "html" && uri.scheme === "file" && vs.env.remoteName === undefined;
  const answer = await vs.window.showInformationMessage(
    l10n.t("Exported to {0}.", vs.workspace.asRelativePath(uri)),
    ...(isPage ? [inBrowser] : [open]),
  );
  if (answer === inBrowser) await vs.env.openExternal(uri);
  else if (answer === open) await vs.commands.executeCommand("vscode.open", uri);
}
