/** The list of sessions as data: what each row says, in which order, and which ones a filter leaves. */
import * as l10n from "@vscode/l10n";
import { descriptorOf } from "../../shared/condition/condition.ts";
import type { Session } from "../../shared/session/session.ts";
import { isPartial } from "../../shared/session/session.ts";
import { agoText } from "../../shared/text/language.ts";
import { answerName } from "../../shared/words/answer.ts";
import { withoutEnding } from "./file-names.ts";
import { verdictOfSession } from "./read-session.ts";
import type { SessionEntry } from "./session-index.ts";

/** What a list can be sorted by. */
export const SESSION_ORDERS = ["date", "name", "model", "flip"] as const;

/** One of them. */
export type SessionOrder = (typeof SESSION_ORDERS)[number];

/** How a list is shown. */
export interface ListView {
  readonly order: SessionOrder;
  /** Words that a row must have, in any case and order; empty = all rows. */
  readonly filter: string;
}

/** A row's text: `Rome → Paris at 24/30`, and dimmed `SmolLM2-135M · 2 min. ago · france-italy-swap`. */
export function sessionRow(
  { path, reading }: SessionEntry,
  now: Date,
): { readonly label: string; readonly description: string } {
  const name = withoutEnding(path.split("/").at(-1) ?? path);
  const { session, damage } = reading;
  if (!session) return { label: name, description: damage.message };
  const ago = agoText(new Date(session.savedAt), now);
  return { label: sessionTitle(session), description: [session.model.name, ago, name].join(" · ") };
}

/** What a session shows, by its answers where it has a flip. */
function sessionTitle(session: Session): string {
  const { sweep } = session;
  const said = verdictOfSession(session);
  if (!sweep || isPartial(session)) return said;
  const { answers, flip, condition } = sweep;
  if (!flip || !answers?.source) return l10n.t("{0}: {1}", descriptorOf(condition.kind).name(), said);
  const [before, after] = [answers.source, answers.target].map(({ text }) => answerName(text));
  return l10n.t("{0} → {1} at {2}/{3}", before!, after!, flip.k, flip.of);
}

/** The rows of a view; damaged files stand last in every order but that of names. */
export function listedSessions(
  entries: readonly SessionEntry[],
  { order, filter }: ListView,
  now: Date,
): SessionEntry[] {
  const words = filter.toLowerCase().split(/\s+/);
  const shown = entries.filter((entry) => {
    const { label, description } = sessionRow(entry, now);
    const text = [label, description, entry.path, entry.reading.session?.label ?? ""].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const byName = (a: SessionEntry, b: SessionEntry): number => compared(a.path, b.path);
  if (order === "name") return shown.sort(byName);
  return shown.sort((a, b) => {
    const [one, other] = [a.reading.session, b.reading.session];
    if (!one || !other) return Number(one === null) - Number(other === null) || byName(a, b);
    return byOrder(order, one, other) || byName(a, b);
  });
}

/** Newest first; models by name; the highest flip, of its blocks, first. */
function byOrder(order: Exclude<SessionOrder, "name">, a: Session, b: Session): number {
  if (order === "model") return compared(a.model.name, b.model.name);
  if (order === "date") return Date.parse(b.savedAt) - Date.parse(a.savedAt);
  const share = ({ sweep }: Session): number => (sweep?.flip ? sweep.flip.k / sweep.flip.of : -1);
  return share(b) - share(a);
}

function compared(a: string, b: string): number {
  return a.localeCompare(b, undefined, { numeric: true });
}
