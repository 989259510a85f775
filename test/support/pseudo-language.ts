/** A language that nobody speaks, made of the shipped texts: what is still in plain letters was not translatable. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { l10nJsonFormat } from "@vscode/l10n-dev";
import { getL10nPseudoLocalized } from "@vscode/l10n-dev";
import type { Language } from "../../src/shared/text/language.ts";

/** The texts of `npm run l10n`. */
export const bundleFile = path.resolve(import.meta.dirname, "../../l10n/bundle.l10n.json");

/** All shipped texts with every letter accented and every vowel doubled: `Ŗŭŭƞ Ɠřīḓ`, about a third longer. */
export function pseudoLanguage(): Language {
  const english = JSON.parse(fs.readFileSync(bundleFile, "utf8")) as l10nJsonFormat;
  const made = Object.entries(getL10nPseudoLocalized(english));
  const texts = made.map(([key, text]) => [key, typeof text === "string" ? text : text.message]);
  return { tag: "qps-ploc", texts: Object.fromEntries(texts) as Record<string, string> };
}

/** One text as the pseudo language has it, for texts that a test makes up. */
export function pseudo(text: string): string {
  const made = getL10nPseudoLocalized({ text }).text!;
  return typeof made === "string" ? made : made.message;
}

/** Words of two letters and more without an accent that are not among the allowed ones. */
export function plainWords(text: string, allowed: ReadonlySet<string>): string[] {
  return (text.match(/[A-Za-z]{2,}/g) ?? []).filter((word) => !allowed.has(word));
}

/** The words of texts that no translation touches. */
export function wordsOf(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => text.match(/[A-Za-z]{2,}/g) ?? []));
}
