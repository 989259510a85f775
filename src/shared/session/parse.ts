/** Reads session files: a whole session of any version up to the current one, or an error that says what is wrong where. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { SwapError } from "../errors.ts";
import { VERSION } from "../version.ts";
import { problemIn } from "./checks.ts";
import { sessionOf } from "./file-form.ts";
import { sessionFileSchema } from "./file-schema.ts";
import { jsonFault } from "./json-fault.ts";
import type { Content, History } from "./migrate.ts";
import { HISTORY, migrated } from "./migrate.ts";
import type { Session } from "./session.ts";
import { SESSION_FORMAT, SESSION_VERSION } from "./session.ts";

/** What to do about a damaged file. */
function restore(): string {
  return l10n.t(
    "Restore the file from version control or a backup, or run again and save anew. It is left as it is.",
  );
}

/**
 * The session that a file's text holds. Fields that the format does not name are read past.
 *
 * @param history of the format; tests give their own
 * @throws SwapError `not-a-session`, `session-newer`, `session-damaged`
 */
export function parseSession(text: string, history: History = HISTORY): Session {
  const { content, version } = recognized(parsedJson(text), history);
  // The schema describes the newest version.
  const newest = { ...migrated(content, version, history), version: SESSION_VERSION };
  const read = v.safeParse(sessionFileSchema, newest);
  if (!read.success) {
    const issue = read.issues[0];
    const path = v.getDotPath(issue) ?? "";
    throw damaged(`${path === "" ? l10n.t("the file") : placeOf(path)}: ${reasonOf(issue)}`);
  }
  const problem = problemIn(read.output);
  if (problem) throw damaged(`${placeOf(problem.path)}: ${problem.message}`);
  return sessionOf(read.output);
}

function parsedJson(text: string): unknown {
  // Written by some editors of Windows.
  const json = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(json);
  } catch (cause) {
    if (json.trim() === "") throw damaged(l10n.t("the file is empty"), { cause });
    if (/^<{7}( |$)/m.test(json)) {
      throw new SwapError(
        "session-damaged",
        l10n.t("The session file holds both sides of an unfinished merge."),
        l10n.t("Choose one side in the source control view. The file is left as it is."),
        { cause },
      );
    }
    const fault = jsonFault(json);
    throw damaged(
      fault
        ? l10n.t("line {0}, column {1}: {2}", fault.line, fault.column, fault.what)
        : l10n.t("it is no valid JSON"),
      { cause },
    );
  }
}

/** A session's content and its version, from 1 to the newest. */
function recognized(json: unknown, history: History): { content: Content; version: number } {
  const content = contentOf(json);
  if (content?.format !== SESSION_FORMAT) {
    const isResult = typeof content?.schema === "string" && content.schema.startsWith("state-swap/");
    throw new SwapError(
      "not-a-session",
      l10n.t('The file is no State Swap session: it has no field "format" with "{0}".', SESSION_FORMAT),
      isResult
        ? l10n.t("It is a result of the command line. Sessions are saved by Save Session in the editor.")
        : l10n.t("Session files are written by Save Session. Open the file as text to see what it is."),
    );
  }
  const { version } = content;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    throw damaged(
      l10n.t("{0}: an integer from 1 up is expected, not {1}", placeOf("version"), JSON.stringify(version)),
    );
  }
  if (version > history.version) {
    throw new SwapError(
      "session-newer",
      l10n.t(
        "The session is written in version {0} of the format; this State Swap ({1}) reads versions up to {2}.",
        version,
        VERSION,
        history.version,
      ),
      l10n.t("Update State Swap to open it. The file is left as it is."),
    );
  }
  return { content, version };
}

function contentOf(json: unknown): Content | null {
  return typeof json === "object" && json !== null && !Array.isArray(json) ? (json as Content) : null;
}

/** What is wrong with one value, without quoting all of it. */
function reasonOf({ expected, received, message }: v.BaseIssue<unknown>): string {
  if (expected === null) return message;
  const short = received.length > 60 ? `${received.slice(0, 60)}…` : received;
  return l10n.t("{0} is expected, not {1}", expected, short);
}

/** `sweep.rows.3.top` as `sweep.rows[3].top`. */
function placeOf(path: string): string {
  return path.replace(/\.(\d+)(?=\.|$)/g, "[$1]");
}

function damaged(what: string, options?: { cause?: unknown }): SwapError {
  return new SwapError(
    "session-damaged",
    l10n.t("The session file is damaged: {0}.", what),
    restore(),
    options,
  );
}
