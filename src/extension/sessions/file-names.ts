/** Names of session files: readable, the same on every system, numbered where one is taken. */
import { SESSION_ENDING } from "../ids.ts";

/** Longest name without its ending, in characters: room for a number, and for long folders on Windows. */
const MOST_LETTERS = 60;

/** What a name is made of. */
export interface NameParts {
  /** Text of the replaced tokens; empty for rules such as all but the last. */
  readonly target: string;
  /** Text of the tokens whose state is put in; empty without a source. */
  readonly source: string;
  /** The condition. */
  readonly kind: string;
}

/** `france-italy-swap`: letters, digits and hyphens only; `session` where nothing readable is left. */
export function sessionBaseName({ target, source, kind }: NameParts): string {
  const words = [target, source, kind].map(slug).filter((word) => word !== "");
  const name = words.join("-");
  // Cut at the front part, so that the condition stays readable.
  const kept = name.length <= MOST_LETTERS ? name : `${slice(name, MOST_LETTERS - kind.length - 1)}-${kind}`;
  const clean = kept.replace(/-{2,}/g, "-").replace(/^-|-$/g, "");
  return isReserved(clean) || clean === "" ? `session-${clean || kind}` : clean;
}

/** The `n`-th name that is tried, from 1: `name.swap.json`, `name-2.swap.json`, … */
export function numberedName(base: string, n: number): string {
  return `${base}${n === 1 ? "" : `-${n}`}${SESSION_ENDING}`;
}

/** A session file's name without its ending. */
export function withoutEnding(file: string): string {
  return file.endsWith(SESSION_ENDING) ? file.slice(0, -SESSION_ENDING.length) : file;
}

function slug(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
}

function slice(text: string, letters: number): string {
  // A surrogate pair is not cut in two.
  return text
    .slice(0, letters)
    .replace(/[\uD800-\uDBFF]$/, "")
    .replace(/-+$/, "");
}

/** Names that Windows keeps for devices, whatever their ending. */
function isReserved(name: string): boolean {
  return /^(con|prn|aux|nul|com\d|lpt\d)$/.test(name);
}
