/** The session inside an exported picture or page, and the way back: such a file is opened again as its session. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../errors.ts";
import { parseSession } from "../session/parse.ts";
import { serializeSession } from "../session/serialize.ts";
import type { Session } from "../session/session.ts";
import { element } from "../figure/svg.ts";

/** Id of the element that carries the session, in SVG and in HTML. */
export const CARRIED_ID = "state-swap-session";

/**
 * Characters that mean something to XML or HTML, that XML forbids, or that turn the direction of writing in an editor.
 * In JSON they stand inside strings only, so that writing them as `\u003c` leaves the session's text valid JSON with the same meaning.
 */
const UNSAFE =
  /[<>&\u007F-\u009F\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** A session's text that can stand in SVG and in a script element of HTML as it is. */
export function carriedText(session: Session): string {
  return serializeSession(session).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The session as metadata of an SVG. */
export function carriedMetadata(session: Session): string {
  // A namespace of its own: XML names it, nothing fetches it.
  const child = element("session", { xmlns: "urn:state-swap:session", id: CARRIED_ID }, carriedText(session));
  return element("metadata", {}, child);
}

/**
 * The session that an exported SVG or HTML carries.
 *
 * @throws SwapError `not-a-session` when it carries none; what `parseSession` throws for one that is damaged or newer
 */
export function sessionFromExport(text: string): Session {
  const isHtml = /^\uFEFF?\s*<!doctype html/i.test(text);
  const ending = isHtml ? "script" : "(?:\\w+:)?session";
  const found = new RegExp(
    `<${ending}\\b[^>]*\\sid\\s*=\\s*["']${CARRIED_ID}["'][^>]*>([^<]*)</${ending}\\s*>`,
  ).exec(text);
  if (found?.[1] === undefined) {
    throw new SwapError(
      "not-a-session",
      l10n.t("The file carries no session."),
      l10n.t(
        "Choose an SVG or HTML file that State Swap exported; other programs may have dropped what it carried.",
      ),
    );
  }
  return parseSession(isHtml ? found[1] : unescaped(found[1]));
}

const LAST_CODE_POINT = 0x10ffff;

/** Programs that write an SVG again may escape quotes. The carried text itself holds no `&`. */
function unescaped(text: string): string {
  const names: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: "<", gt: ">", amp: "&" };
  return text
    .replace(/^\s*<!\[CDATA\[|\]\]>\s*$/g, "")
    .replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return names[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
      // Beyond Unicode it stays as it is written, which is no JSON: the reader says where.
      return code <= LAST_CODE_POINT ? String.fromCodePoint(code) : whole;
    });
}
