/** Tokens in words: how they look in chips and rows, and how a screen reader says chips. */
import * as l10n from "@vscode/l10n";
import type { Token } from "../../src/shared/prompt/tokens.ts";
import { spokenToken } from "../../src/shared/words/answer.ts";
import type { BytePlace } from "../../src/shared/text/token-bytes.ts";
import { visibleText } from "../../src/shared/text/shown-text.ts";

/**
 * What a chip or row shows; a token that is only part of a character shows a dotted circle.
 *
 * @param place of a chip among the bytes of a character: the first one shows the character, the others a tick
 */
export function tokenFace(token: Pick<Token, "text">, place: BytePlace | null = null): string {
  if (place) return place.part === 0 ? visibleText(place.character) : "╵";
  return token.text === "" ? "◌" : visibleText(token.text);
}

/** One thing that a chip says besides its token. */
export type TokenRole = "chosen" | "copied" | "last" | "special";

/** The name of a token's chip: "token 21, France, replaced". */
export function tokenLabel(
  token: Token,
  side: "source" | "target",
  roles: readonly TokenRole[],
  place: BytePlace | null = null,
): string {
  const words = roles.map((role) => {
    if (role === "chosen") return side === "source" ? l10n.t("state copied") : l10n.t("replaced");
    if (role === "copied") return l10n.t("copied, not read");
    return role === "last" ? l10n.t("last token, the answer follows") : l10n.t("special token");
  });
  const said = place
    ? l10n.t("part {0} of {1} of {2}", place.part + 1, place.parts, spokenToken(place.character))
    : spokenToken(token.text);
  return [l10n.t("token {0}", token.index), said, ...words].join(", ");
}
