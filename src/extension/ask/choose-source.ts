/** Asks for a state to put in: a word in place of the target's, a source used before, or a prompt of the user's own. */
import * as l10n from "@vscode/l10n";
import type { QuickPickItem } from "vscode";
import type { PlacedSpan } from "../../shared/condition/span-alignment.ts";
import { visibleText } from "../../shared/text/shown-text.ts";
import type { Host } from "../host.ts";
import { addressed, labelOf, promptAt } from "../prompt/editor-prompts.ts";
import { ownText, readPrompt, spanBetween, spansOf } from "../prompt/read-prompt.ts";
import type { Source } from "../interventions/records.ts";
import { promptsToRead } from "./ask-values.ts";
import { requiredEditor } from "./required-editor.ts";
import { sourceLabel } from "../interventions/source-label.ts";
import type { ReadPrompt } from "../prompt/reading.ts";

/** What the state will replace; its text can be changed to make a source. */
export interface SourceWanted {
  readonly read: ReadPrompt;
  readonly span: PlacedSpan;
}

type SourceItem = QuickPickItem & { readonly choice: Choice };

type Choice =
  | { readonly kind: "word" | "selected" }
  | { readonly kind: "own" }
  | { readonly kind: "recent"; readonly source: Source };

/**
 * Asks.
 *
 * @param wanted the target; without it no word can be replaced
 * @returns null when the user left
 */
export async function chooseSource(host: Host, wanted: SourceWanted | null): Promise<Source | null> {
  const items: SourceItem[] = [];
  const selected = selectedText(host, wanted);
  if (selected) {
    items.push({
      label: `$(selection) ◆ ${visibleText(selected.text)}`,
      description: l10n.t("selected in {0}", selected.label),
      choice: { kind: "selected" },
    });
  }
  if (wanted && ownText(wanted.read, wanted.span)) {
    items.push({
      label: `$(replace) ${l10n.t("Replacement Word…")}`,
      description: l10n.t(
        "the same prompt with another word for “{0}”",
        visibleText(wanted.span.text.trim()),
      ),
      choice: { kind: "word" },
    });
  }
  items.push({
    label: `$(edit) ${l10n.t("A Prompt of Your Own…")}`,
    description: l10n.t("write a prompt and choose its token"),
    choice: { kind: "own" },
  });
  for (const source of host.store.state.recent) {
    items.push({
      label: `$(history) ◆ ${sourceLabel(source)}`,
      description: source.read.label,
      detail: visibleText(source.read.text.slice(-100)),
      choice: { kind: "recent", source },
    });
  }
  const picked = await host.vs.window.showQuickPick(items, {
    title: l10n.t("Source: Which State Is Put In?"),
    placeHolder: l10n.t("A copied state comes from Copy State on a token of any prompt"),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!picked) return null;
  const { choice } = picked;
  switch (choice.kind) {
    case "word":
      return wanted && replacementWord(host, wanted);
    case "selected":
      return selectedSource(host);
    case "own":
      return ownPrompt(host);
    case "recent":
      return choice.source;
  }
}

/** What the editor selects in another prompt than the target's; null where that is nothing. */
function selectedText(
  host: Host,
  wanted: SourceWanted | null,
): { readonly text: string; readonly label: string } | null {
  const editor = host.vs.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) return null;
  const document = addressed(editor.document);
  const [start, end] = [editor.selection.start, editor.selection.end].map((at) =>
    editor.document.offsetAt(at),
  );
  const located = promptAt(host, document, start!);
  if (!located || end! > located.end) return null;
  const known = host.prompts.keep(document, located);
  if (known.id === wanted?.read.promptId) return null;
  return { text: document.text.slice(start, end), label: labelOf(known) };
}

/** The state of the tokens that the editor selects; null when the user left a question about them. */
async function selectedSource(host: Host): Promise<Source | null> {
  const [picked] = (await promptsToRead(host, requiredEditor(host))) ?? [];
  const [selection] = picked?.selections ?? [];
  if (!picked || !selection) return null;
  const read = await readPrompt(picked.toRead, host.supervisor, host.reading);
  const [span] = spansOf(read, [selection]);
  return span ? { read, span, word: null } : null;
}

/**
 * The source of a prompt with one word changed: the tokens of that word.
 *
 * @throws SwapError when the changed prompt cannot be read
 */
export async function withWord(host: Host, wanted: SourceWanted, word: string): Promise<Source | null> {
  const place = ownText(wanted.read, wanted.span);
  if (!place) return null;
  const { text } = wanted.read;
  const changed = text.slice(0, place.start) + word + text.slice(place.end);
  const label = l10n.t("the same prompt with “{0}”", visibleText(word));
  const read = await readPrompt({ promptId: null, label, text: changed }, host.supervisor, host.reading);
  const [span] = spansOf(read, [{ start: place.start, end: place.start + word.length }]);
  return span ? { read, span, word } : null;
}

async function replacementWord(host: Host, wanted: SourceWanted): Promise<Source | null> {
  const word = await host.vs.window.showInputBox({
    title: l10n.t("Source: Replacement Word"),
    prompt: l10n.t(
      "Put in the state of this word, read in the same prompt in place of “{0}”",
      visibleText(wanted.span.text.trim()),
    ),
    placeHolder: "Italy",
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === "" ? l10n.t("Write a word.") : null),
  });
  return word === undefined ? null : withWord(host, wanted, word.trim());
}

async function ownPrompt(host: Host): Promise<Source | null> {
  const text = await host.vs.window.showInputBox({
    title: l10n.t("Source: A Prompt of Your Own"),
    prompt: l10n.t("The text that the state comes from; \\n stands for a line break"),
    placeHolder: "The country Italy",
    ignoreFocusOut: true,
    validateInput: (value) => (value === "" ? l10n.t("Write a prompt.") : null),
  });
  if (text === undefined) return null;
  const unescaped = text.replaceAll("\\n", "\n");
  const toRead = { promptId: null, label: l10n.t("a prompt of your own"), text: unescaped };
  const read = await readPrompt(toRead, host.supervisor, host.reading);
  const items = read.tokenization.tokens.map((token) => ({
    label: visibleText(token.text),
    description: `@${token.index}`,
    position: token.index,
  }));
  const picked = await host.vs.window.showQuickPick(items.reverse(), {
    title: l10n.t("Source: Which Token’s State?"),
    placeHolder: l10n.t("Last token first"),
    ignoreFocusOut: true,
  });
  return picked ? { read, span: spanBetween(read, picked.position, picked.position), word: null } : null;
}
