/** Session files as the editor shows them: what stands in them, or what is wrong with them. */
import * as l10n from "@vscode/l10n";
import type { Uri } from "vscode";
import type { ErrorData } from "../../shared/errors.ts";
import { toErrorData } from "../../shared/errors.ts";
import { dateText } from "../../shared/text/language.ts";
import { hashText } from "../../shared/words/model.ts";
import { shortVerdict, verdictFacts } from "../../shared/words/verdict.ts";
import { rangeText } from "../../shared/text/ranges.ts";
import { sessionPanel } from "../../shared/session/session-panel.ts";
import { parseSession } from "../../shared/session/parse.ts";
import type { Session } from "../../shared/session/session.ts";
import { isPartial } from "../../shared/session/session.ts";
import type { SessionSide } from "../../shared/protocol/session-page.ts";

/** A session, or what is wrong with its file, and where. */
export type SessionReading =
  | { readonly session: Session; readonly damage: null }
  | { readonly session: null; readonly damage: Pick<ErrorData, "message" | "hint"> };

/** Reads a file's text; whatever it holds, the answer says what it is. */
export function readSession(text: string): SessionReading {
  try {
    return { session: parseSession(text), damage: null };
  } catch (error) {
    const { message, hint } = toErrorData(error);
    return { session: null, damage: { message, hint } };
  }
}

/** A session file as a page shows it. */
export function sideOf(uri: Uri, { session, damage }: SessionReading): SessionSide {
  const file = uri.path.split("/").at(-1) ?? "";
  return {
    file,
    panel: session && sessionPanel(session),
    facts: session ? factsOfSession(session) : [],
    damage,
  };
}

/** What a result was made with, for people: hash, date, version. */
export function factsOfSession({ model, savedAt, product, label }: Session): string[] {
  const date = dateText(new Date(savedAt));
  return [label, model.file, hashText(model), date, `State Swap ${product}`].filter((fact) => fact !== "");
}

/** The verdict in a few words: `flip 24/30`. */
export function verdictOfSession(session: Session): string {
  const { model, sweep, grid } = session;
  if (isPartial(session)) {
    return sweep?.state === "partial"
      ? l10n.t("incomplete, {0} of {1}", sweep.rows.length, sweep.expectedRows)
      : l10n.t("incomplete");
  }
  if (!sweep) return grid ? l10n.t("grid") : l10n.t("no result");
  const said = shortVerdict(sweep.rows, verdictFacts(sweep, model.blocks));
  return sweep.flip ? said : l10n.t("{0}, k {1}", said, rangeText(sweep.layers.from, sweep.layers.to));
}
