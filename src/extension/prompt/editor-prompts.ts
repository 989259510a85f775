/** The prompts in an editor: what its selections select. */
import * as l10n from "@vscode/l10n";
import type { TextDocument, TextEditor } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import type { Settings } from "../settings.ts";
import type { LocatedPrompt } from "./located-text.ts";
import { locatePrompt } from "./locate-prompt.ts";
import type { AddressedDocument, KnownPrompt, PromptRegister } from "./prompt-register.ts";
import { textEnd, textStart } from "./prompt-text.ts";
import type { PromptToRead, TextSelection } from "./read-prompt.ts";

/** A prompt with the selections that an editor has in it. */
export interface PickedPrompt {
  readonly known: KnownPrompt;
  readonly toRead: PromptToRead;
  /** UTF-16 units of the prompt's text; an empty one is a cursor. */
  readonly selections: readonly TextSelection[];
}

/** What prompts are found by. */
export interface PromptSources {
  readonly prompts: PromptRegister;
  readonly settings: () => Settings;
  /** Ids of prompts that the user declared. */
  readonly store: { readonly state: { readonly declared: readonly number[] } };
}

/** A document as data. */
export function addressed(document: TextDocument): AddressedDocument {
  return {
    uri: document.uri.toString(),
    text: document.getText(),
    languageId: document.languageId,
    fileName: document.uri.path.split("/").at(-1) ?? "",
  };
}

/** The prompt at an offset of a document; null where there is none. */
export function promptAt(
  host: PromptSources,
  document: AddressedDocument,
  offset: number,
): LocatedPrompt | null {
  const declared = host.store.state.declared.flatMap((id) => {
    const prompt = host.prompts.get(id);
    return prompt?.uri === document.uri && prompt.current ? [prompt] : [];
  });
  return locatePrompt(document, offset, host.settings().promptScope, declared);
}

/** A known prompt with its current text, to be read. */
export function toRead(known: KnownPrompt): PromptToRead {
  return { promptId: known.id, label: labelOf(known), text: known.current?.text ?? "" };
}

/** Where a known prompt stands, for people: `capitals.txt:3`. */
export function labelOf({ fileName, line }: Pick<KnownPrompt, "fileName" | "line">): string {
  return `${fileName}:${line + 1}`;
}

/**
 * The prompts that an editor's selections are in, in the order of the selections; each becomes known.
 *
 * @throws SwapError `bad-span` where there is no prompt, or a selection reaches out of one
 */
export function pickedPrompts(host: PromptSources, editor: TextEditor): PickedPrompt[] {
  const document = addressed(editor.document);
  const picked = new Map<string, { located: LocatedPrompt; selections: TextSelection[] }>();
  for (const selection of editor.selections) {
    const start = editor.document.offsetAt(selection.start);
    const end = editor.document.offsetAt(selection.end);
    const located = promptAt(host, document, start);
    if (!located) throw noPrompt(host, document.text.slice(start, end));
    if (end > located.end) {
      throw new SwapError(
        "bad-span",
        l10n.t("The selection reaches beyond its prompt."),
        l10n.t("Select tokens inside one prompt, or declare what you selected with Use Selection as Prompt."),
      );
    }
    const key = `${located.start}-${located.end}`;
    const entry = picked.get(key) ?? { located, selections: [] };
    const prompt = host.prompts.readAs(document, located);
    const within = (offset: number): number => Math.max(0, offset - located.start);
    const from = textStart(prompt, within(start));
    entry.selections.push({
      start: from,
      end: start === end ? from : textEnd(prompt, within(end)),
    });
    picked.set(key, entry);
  }
  return [...picked.values()].map(({ located, selections }) => {
    const known = host.prompts.keep(document, located);
    return { known, toRead: toRead(known), selections };
  });
}

function noPrompt(host: PromptSources, selected: string): SwapError {
  if (host.settings().promptScope === "selection") {
    return new SwapError(
      "bad-span",
      l10n.t("No prompt is declared here."),
      l10n.t(
        "Select a text and run Use Selection as Prompt, or change the setting State Swap: Prompt Scope.",
      ),
    );
  }
  return new SwapError(
    "bad-span",
    selected === ""
      ? l10n.t("The line at the cursor is blank, and no prompt is there.")
      : l10n.t("The selection begins on a blank line, and no prompt is there."),
    l10n.t("Select tokens of a prompt."),
  );
}
