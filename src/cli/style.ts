/** Colours for people: on a terminal only, never with NO_COLOR, always beside a letter or a shape that says the same. */
import type { Outcome } from "../shared/experiment/outcome.ts";
import type { Part } from "../shared/words/parts.ts";

/** Paints pieces of text; every function returns its argument unchanged when colours are off. */
export interface Style {
  readonly outcome: (outcome: Outcome, text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
}

/** Colours of the terminal's own palette, so that they follow its theme. */
const CODES = { source: "94", target: "33", neither: "90", strong: "1", faint: "2", error: "31" } as const;

const plain = (text: string): string => text;

/**
 * The style for a stream.
 *
 * @param env NO_COLOR (any value but empty) turns colours off, FORCE_COLOR (any value but 0) turns them on
 */
export function styleFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Style {
  if (!wantsColour(stream, env)) {
    return { outcome: (_, text) => text, strong: plain, faint: plain, error: plain, warning: plain };
  }
  const paint =
    (code: string) =>
    (text: string): string =>
      text === "" ? "" : `\u001B[${code}m${text}\u001B[0m`;
  return {
    outcome: (outcome, text) => paint(CODES[outcome])(text),
    strong: paint(CODES.strong),
    faint: paint(CODES.faint),
    error: paint(`${CODES.strong};${CODES.error}`),
    warning: paint(`${CODES.strong};${CODES.target}`),
  };
}

/** A sentence with each side's state and answer in its colour. */
export function painted(parts: readonly Part[], style: Style): string {
  return parts.map(({ text, side }) => (side === null ? text : style.outcome(side, text))).join("");
}

function wantsColour(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0";
  return stream.isTTY === true && env.TERM !== "dumb";
}
