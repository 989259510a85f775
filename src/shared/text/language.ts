/** The language of texts for people: English until the editor says another, in the extension and in its pages. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";

/** What a page is told of the language. */
export interface Language {
  /** BCP 47, as the editor names it. */
  readonly tag: string;
  /** English texts with their translations; empty for English. */
  readonly texts: Readonly<Record<string, string>>;
}

const languageSchema = v.object({ tag: v.string(), texts: v.record(v.string(), v.string()) });

const ENGLISH: Language = { tag: "en", texts: {} };

let current = ENGLISH;

/** Sets the language of this process or page; before anything is said. */
export function setLanguage(language: Language): void {
  current = language;
  l10n.config({ contents: { ...language.texts } });
}

/** Id of the element that tells a page its language. */
export const LANGUAGE_ID = "state-swap-language";

/** A language (that which is set) as an element of a page, for which no policy matters: it is data. Nothing for English. */
export function languageElement(language: Language = current): string {
  if (Object.keys(language.texts).length === 0) return "";
  const json = JSON.stringify(language).replaceAll("<", "\\u003c");
  return `<script type="application/json" id="${LANGUAGE_ID}">${json}</script>`;
}

/** What the page's `lang` is: that of its texts. */
export function pageLanguage(): string {
  return Object.keys(current.texts).length === 0 ? ENGLISH.tag : current.tag;
}

/** The language in an element of `languageElement`; English without one. */
export function parsedLanguage(json: string | null): Language {
  if (json === null) return ENGLISH;
  const parsed = v.safeParse(languageSchema, JSON.parse(json));
  return parsed.success ? parsed.output : ENGLISH;
}

/** Date and time for people: `24 November 2026 at 18:20`. */
export function dateText(date: Date): string {
  const tag = current.tag === "en" ? "en-GB" : current.tag;
  const [known] = Intl.DateTimeFormat.supportedLocalesOf([tag, "en-GB"]);
  return date.toLocaleString(known, { dateStyle: "long", timeStyle: "short" });
}

const SPANS = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/** How long ago a date is: `2 min ago`, `yesterday`; `now` below a minute. */
export function agoText(date: Date, now: Date): string {
  const tag = current.tag === "en" ? "en-GB" : current.tag;
  const [known] = Intl.DateTimeFormat.supportedLocalesOf([tag, "en-GB"]);
  const format = new Intl.RelativeTimeFormat(known, { style: "short", numeric: "auto" });
  const seconds = (date.getTime() - now.getTime()) / 1000;
  const [unit, length] = SPANS.find(([, one]) => Math.abs(seconds) >= one) ?? ["second", Infinity];
  return format.format(Math.trunc(seconds / length), unit);
}
