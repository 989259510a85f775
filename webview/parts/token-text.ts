/** Tokens in words: how they look in chips and rows, and how a screen reader says chips. */
import * as l10n from "@vscode/l10n";
import type { Token } from "../../src/shared/prompt/tokens.ts";
import { spokenToken } from "../../src/shared/words/answer.ts";
import { visibleText } from "../../src/shared/text/shown-text.ts";

/** What a chip or row shows; a token that is only part of a character shows a dotted circle. */
export function tokenFace(token: Pick<Token, "text">): string {
  return token.text === "" ? "◌" : visibleText(token.text);
}

/** One thing that a chip says besides its token. */
export type TokenRole = "chosen" | "copied" | "last" | "special";

/** The name of a token's chip: "token 21, France, replaced". */
export function tokenLabel(token: Token, side: "source" | "target", roles: readonly TokenRole[]): string {
  const words = roles.map((role) => {
    if (role === "chosen") return side === "source" ? l10n.t("state copied") : l10n.t("replaced");
    if (role === "copied") return l10n.t("copied, not read");
    return role === "last" ? l10n.t("last token, the answer follows") : l10n.t("special token");
  });
  return [l10n.t("token {0}", token.index), spokenToken(token.text), ...words].join(", ");
}
