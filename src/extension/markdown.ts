/** Pieces of Markdown for hovers: whatever a prompt holds must show as itself. */
import type { Outcome } from "../shared/experiment/outcome.ts";
import { OUTCOME_MARK } from "../shared/experiment/outcome.ts";
import { visibleText } from "../shared/text/shown-text.ts";
import type { Part } from "../shared/words/parts.ts";
import { COLOR_IDS } from "./ids.ts";

/** A token as inline code, blanks visible; safe inside a table cell. */
export function tokenCode(text: string): string {
  const shown = visibleText(text).replace(/[\u0000-\u001f]/g, "�");
  const ticks = "`".repeat(1 + Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length)));
  const pad = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${ticks}${pad}${shown.replaceAll("|", "\\|")}${pad}${ticks}`;
}

/** Plain words as Markdown. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$&]/g, (character) => `\\${character}`);
}

/** Plain words in the colour of their side, which the editor's sanitizer lets through; it takes theme colours alone. */
export function colored(text: string, side: Outcome): string {
  if (side === "neither") return escaped(text);
  return `<span style="color:var(--vscode-${COLOR_IDS[side].replaceAll(".", "-")});">${escaped(text)}</span>`;
}

/** A sentence, with each side's shape before what is its, in its colour. */
export function markdownOf(parts: readonly Part[]): string {
  return parts
    .map(({ text, side, strong }) => {
      const shown = side === null ? escaped(text) : colored(`${OUTCOME_MARK[side]} ${text}`, side);
      return strong ? `**${shown}**` : shown;
    })
    .join("");
}

/** A link that runs a command. */
export function commandLink(label: string, command: string, args: readonly unknown[], title: string): string {
  const query = args.length === 0 ? "" : `?${encodeURIComponent(JSON.stringify(args))}`;
  return `[${label}](command:${command}${query} "${title.replaceAll('"', "'")}")`;
}
