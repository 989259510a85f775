/** Asks once which token of each of many prompts is replaced. */
import * as l10n from "@vscode/l10n";
import type { SpanSpec } from "../../shared/prompt/span-syntax.ts";
import { parseSpan } from "../../shared/prompt/span-syntax.ts";
import { differingStretches } from "../../shared/prompt/prompt-table.ts";
import { shownText } from "../../shared/text/text-width.ts";
import type { Host } from "../host.ts";
import type { TextSelection } from "../prompt/read-prompt.ts";

/** Where the token of one prompt is: a stretch of its text, or as spans are written. */
export type ManyTarget = TextSelection | SpanSpec;

/** How many of the words are named. */
const NAMED = 4;

/**
 * @param texts of the prompts
 * @param inOne whether the selection may mean tokens of one prompt instead
 * @returns what gives each prompt's token by its index; `one-prompt`, or null when the user left
 */
export async function chooseManyTargets(
  { vs }: Host,
  texts: readonly string[],
  inOne: boolean,
): Promise<((index: number) => ManyTarget) | "one-prompt" | null> {
  const stretches = differingStretches(texts);
  const words = stretches?.slice(0, NAMED).map(({ start, end }, i) => shownText(texts[i]!.slice(start, end)));
  const more = texts.length > NAMED ? ", …" : "";
  const items = [
    ...(words
      ? [{ label: l10n.t("Where They Differ"), description: words.join(", ") + more, way: "differ" } as const]
      : []),
    {
      label: l10n.t("A Word of Each…"),
      description: l10n.t("written once, such as France, France#2, or @-2 for the last token but one"),
      way: "word",
    } as const,
    { label: l10n.t("The Last Token of Each"), description: "@last", way: "last" } as const,
    ...(inOne
      ? [
          {
            label: l10n.t("The Selected Tokens"),
            description: l10n.t("all lines are one prompt"),
            way: "one",
          } as const,
        ]
      : []),
  ];
  const picked = await vs.window.showQuickPick(items, {
    title: l10n.t("Swap on {0} Prompts: Which Token of Each?", texts.length),
    ignoreFocusOut: true,
  });
  switch (picked?.way) {
    case undefined:
      return null;
    case "one":
      return "one-prompt";
    case "differ":
      return (index) => stretches![index]!;
    case "last":
      return () => parseSpan("@last");
    case "word": {
      const text = await vs.window.showInputBox({
        title: l10n.t("Swap on {0} Prompts: Which Word?", texts.length),
        ignoreFocusOut: true,
        validateInput: (value) =>
          value.trim() === "" ? l10n.t("Write a word that the prompts have.") : null,
      });
      return text === undefined ? null : () => parseSpan(text.trim());
    }
  }
}
