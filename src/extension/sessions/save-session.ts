/** Save Session and Save Session As: the shown result to its own file, to a new one, never over what cannot be read. */
import * as l10n from "@vscode/l10n";
import { takesSource } from "../../shared/condition/condition.ts";
import type { Uri } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import { serializeSession } from "../../shared/session/serialize.ts";
import type { Session, SessionModel } from "../../shared/session/session.ts";
import { requiredIntervention } from "../ask/intervention-at-hand.ts";
import { readText } from "../files.ts";
import type { Host } from "../host.ts";
import { COMMAND_IDS, SESSION_ENDING, SETTING_SECTION } from "../ids.ts";
import { sessionsFolder } from "../settings.ts";
import { positionsOf } from "../../shared/prompt/spans.ts";
import { isAtChosenTokens } from "../interventions/condition-now.ts";
import type { Intervention, RanModel } from "../interventions/records.ts";
import { numberedName, sessionBaseName, withoutEnding } from "./file-names.ts";
import { readSession } from "./read-session.ts";
import { isSameQuestion } from "./same-question.ts";
import { sessionOf, shownParts } from "./session-of.ts";
import { overwriteFile, writeNewFile } from "./write-file.ts";
import { joinedTokens } from "../../shared/text/token-bytes.ts";

/** Answers to the question what to do with a file that is another one by now. */
const ANSWERS = {
  get overwrite(): string {
    return l10n.t("Overwrite");
  },
  get saveAs(): string {
    return l10n.t("Save As…");
  },
  get openAsText(): string {
    return l10n.t("Open as Text");
  },
};

/**
 * Saves the shown result: to the file that it was saved to or opened from while it asks the same, else to a new one.
 *
 * @param id of an intervention, as the panel passes it; anything else means the one at hand
 * @throws SwapError `usage` without a result; `write-failed`
 */
export async function saveSession(host: Host, id?: unknown): Promise<void> {
  const intervention = requiredIntervention(host, id);
  const session = await sessionNow(host, intervention);
  await saveWhereItStands(host, intervention, session);
}

async function saveWhereItStands(host: Host, intervention: Intervention, session: Session): Promise<void> {
  const own = host.sessions.fileOf(intervention.id);
  const before = own && readSession(own.text).session;
  if (own && before && isSameQuestion(before, session)) {
    // The file's own words for itself stay.
    await saveOver(host, intervention, own.uri, own.text, { ...session, label: before.label });
    return;
  }
  const folder = folderFor(host, intervention);
  if (!folder) {
    await saveAs(host, intervention, session);
    return;
  }
  const text = serializeSession(session);
  const base = baseName(session);
  const isSaved = await host.sessions.inTurn(async () => {
    // Saved twice in a row: the first saving may have made a file meanwhile, which is that of both.
    if (host.sessions.fileOf(intervention.id) !== own) return false;
    const uri = await writeNewFile(host.vs, folder, (n) => numberedName(base, n), text);
    saved(host, intervention, uri, text);
    return true;
  });
  if (!isSaved) await saveWhereItStands(host, intervention, session);
}

/**
 * Saves the shown result to a file that the user names.
 *
 * @throws SwapError `usage` without a result; `write-failed`
 */
export async function saveSessionAs(host: Host, id?: unknown): Promise<void> {
  const intervention = requiredIntervention(host, id);
  await saveAs(host, intervention, await sessionNow(host, intervention));
}

/**
 * Saves the result of a session that was run again: over its file, or beside it.
 *
 * @param text what this window read of the file
 * @returns whether it was saved
 * @throws SwapError `write-failed`
 */
export async function saveRerun(host: Host, uri: Uri, text: string, result: Session): Promise<boolean> {
  const { vs } = host;
  const replace = l10n.t("Replace the Stored Result");
  const beside = l10n.t("Save as a New File");
  const answer = await vs.window.showInformationMessage(
    l10n.t("Save the new result of {0}?", nameOf(uri)),
    { modal: true },
    replace,
    beside,
  );
  if (answer === replace) return saveOver(host, null, uri, text, result);
  if (answer !== beside) return false;
  const base = withoutEnding(nameOf(uri));
  const folder = vs.Uri.joinPath(uri, "..");
  const whole = serializeSession(result);
  saved(host, null, await writeNewFile(vs, folder, (n) => numberedName(base, n), whole), whole);
  return true;
}

/** The session of a result as it is now; waits for the model's hashes. */
export async function sessionNow(host: Host, intervention: Intervention): Promise<Session> {
  const named = (model: RanModel): SessionModel => host.ranModels.of(model);
  const { sweep, grid } = intervention;
  await host.vs.window.withProgress(
    { location: host.vs.ProgressLocation.Window, title: l10n.t("State Swap: saving the session") },
    async () => {
      for (const ran of [sweep, grid]) if (ran?.model) await host.ranModels.hashed(ran.model);
    },
  );
  const parts = shownParts(intervention, named);
  if (!parts) {
    throw new SwapError(
      "usage",
      l10n.t("There is no result to save yet."),
      l10n.t("Run the sweep or the grid first."),
    );
  }
  if (parts.leftOut !== null) host.notices.info(parts.leftOut);
  return sessionOf(intervention, named, new Date())!;
}

/** Writes over a file, unless it is another program's by now; then the user says what happens. */
async function saveOver(
  host: Host,
  intervention: Intervention | null,
  uri: Uri,
  lastText: string | null,
  session: Session,
): Promise<boolean> {
  const { vs } = host;
  const current = await readText(vs, uri);
  const text = serializeSession(session);
  if (current !== null && current !== lastText) {
    const { damage } = readSession(current);
    if (damage) {
      await refuse(host, intervention, uri, damage.message, session);
      return false;
    }
    const answer = await vs.window.showWarningMessage(
      lastText === null
        ? l10n.t("{0} exists already.", nameOf(uri))
        : l10n.t("{0} was changed on disk since it was last read.", nameOf(uri)),
      { modal: true, detail: l10n.t("Overwriting loses what stands in the file now.") },
      ANSWERS.overwrite,
      ANSWERS.saveAs,
    );
    if (answer === ANSWERS.saveAs) return saveAs(host, intervention, session);
    if (answer !== ANSWERS.overwrite) return false;
    // Again another text: asked again.
    if ((await readText(vs, uri)) !== current) return saveOver(host, intervention, uri, lastText, session);
  }
  await overwriteFile(vs, uri, text);
  saved(host, intervention, uri, text);
  return true;
}

/** A file that is no session that this version reads may hold somebody's work: it stays as it is. */
async function refuse(
  host: Host,
  intervention: Intervention | null,
  uri: Uri,
  reason: string,
  session: Session,
): Promise<void> {
  const answer = await host.vs.window.showErrorMessage(
    l10n.t("{0} is not written over, because it cannot be read as a session: {1}", nameOf(uri), reason),
    ANSWERS.saveAs,
    ANSWERS.openAsText,
  );
  if (answer === ANSWERS.saveAs) await saveAs(host, intervention, session);
  if (answer === ANSWERS.openAsText)
    await host.vs.commands.executeCommand(COMMAND_IDS.openSessionAsText, uri);
}

async function saveAs(host: Host, intervention: Intervention | null, session: Session): Promise<boolean> {
  const { vs } = host;
  const folder = intervention && folderFor(host, intervention);
  const name = numberedName(baseName(session), 1);
  const chosen = await vs.window.showSaveDialog({
    ...(folder ? { defaultUri: vs.Uri.joinPath(folder, name) } : { defaultUri: vs.Uri.file(name) }),
    filters: { [l10n.t("State Swap Session")]: [SESSION_ENDING.slice(1)] },
    saveLabel: l10n.t("Save Session"),
    title: l10n.t("Save Session As"),
  });
  if (!chosen) return false;
  const uri = withSessionEnding(chosen);
  // The dialog has asked about a file of the very name that was chosen; what cannot be read is refused nevertheless.
  const known = uri === chosen ? await readText(vs, uri) : null;
  if (known !== null && readSession(known).damage === null) {
    return saveOver(host, intervention, uri, known, session);
  }
  return saveOver(host, intervention, uri, null, session);
}

function withSessionEnding(uri: Uri): Uri {
  if (uri.path.endsWith(SESSION_ENDING)) return uri;
  return uri.with({ path: `${uri.path.replace(/\.json$/, "")}${SESSION_ENDING}` });
}

function saved(host: Host, intervention: Intervention | null, uri: Uri, text: string): void {
  const file = { uri, text };
  if (intervention) host.sessions.set(intervention.id, file);
  host.sessions.wrote(file);
  host.notices.hint(l10n.t("Saved as {0}", host.vs.workspace.asRelativePath(uri)));
}

/** The session folder of the workspace folder that the prompt stands in, else of the first; null without any. */
export function folderFor({ vs, prompts }: Host, { target }: Intervention): Uri | null {
  const { workspace } = vs;
  const known = target.promptId === null ? null : prompts.get(target.promptId);
  const own = known && workspace.getWorkspaceFolder(vs.Uri.parse(known.uri));
  const folder = own ?? workspace.workspaceFolders?.[0];
  if (!folder) return null;
  const setting = sessionsFolder(workspace.getConfiguration(SETTING_SECTION, folder.uri));
  return vs.Uri.joinPath(folder.uri, ...setting);
}

/** What a result's file is called, without number and ending. */
export function baseName({ chosen, setup, sweep, grid, target }: Session): string {
  const kind = sweep?.condition.kind ?? (grid ? "grid" : "result");
  const text = (positions: readonly number[]): string =>
    joinedTokens(positions.map((position) => target.tokenization.tokens[position]?.text ?? ""));
  // Chosen tokens are kept under rules such as all but the last, which are not about them.
  const { choice, answers } = setup;
  const isAtTargets = isAtChosenTokens({ setup: { choice, answers, vectors: null } });
  return sessionBaseName({
    target: isAtTargets ? chosen.targets.map((span) => text(positionsOf(span))).join(" ") : "",
    source: grid || (sweep && takesSource(sweep.condition.kind)) ? (chosen.source?.text ?? "") : "",
    kind,
  });
}

function nameOf(uri: Uri): string {
  return uri.path.split("/").at(-1) ?? "";
}
