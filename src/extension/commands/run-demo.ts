/** Run Demo: the sample prompts in an editor, and the swap of Italy for France run live. */
import * as l10n from "@vscode/l10n";
import type { TextDocument } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import type { Host } from "../host.ts";
import { addressed, promptAt, toRead } from "../prompt/editor-prompts.ts";
import { readPrompt, spansOf } from "../prompt/read-prompt.ts";
import type { ReadPrompt } from "../prompt/reading.ts";
import { INITIAL_SETUP } from "../interventions/records.ts";
import { newIntervention } from "../interventions/make-intervention.ts";
import type { PlacedSpan } from "../../shared/condition/span-alignment.ts";
import { COMMAND_IDS } from "../ids.ts";

const SOURCE = { prompt: "The country Italy", word: "Italy" };
const TARGET = { prompt: "Q: What is the capital of Spain?", word: "France" };

/** The document of the last demo, used again while it is open. */
export interface DemoDocument {
  uri: string | null;
}

/**
 * Opens an untitled copy of the sample, so that it can be edited at will, and runs the swap. It needs neither a folder
 * nor a file of the user's.
 *
 * @param isBeside opens it beside the active editor, so that the walkthrough stays in sight
 * @throws SwapError `internal` when the sample is not as it was shipped
 */
export async function runDemo(host: Host, demo: DemoDocument, isBeside: boolean): Promise<void> {
  const { vs } = host;
  const document = await demoDocument(host, demo);
  const editor = await vs.window.showTextDocument(document, {
    preview: false,
    viewColumn: isBeside ? vs.ViewColumn.Beside : vs.ViewColumn.Active,
  });
  // The panel opens beside it; the editor keeps the keyboard.
  void vs.commands
    .executeCommand(COMMAND_IDS.openPanel)
    .then(() =>
      vs.window.showTextDocument(document, { viewColumn: editor.viewColumn ?? vs.ViewColumn.Active }),
    );
  const source = await tokensOf(host, document, SOURCE);
  host.store.copy({ read: source.read, span: source.span, word: null });
  const target = await tokensOf(host, document, TARGET);
  const intervention = newIntervention({
    id: host.store.newId(),
    target: target.read,
    targets: [target.span],
    source: { read: source.read, span: source.span, word: null },
    align: null,
    setup: INITIAL_SETUP,
  });
  host.store.put(intervention);
  await host.runner.sweep([intervention]);
}

async function demoDocument(host: Host, demo: DemoDocument): Promise<TextDocument> {
  const { vs, context } = host;
  const sample = vs.Uri.joinPath(context.extensionUri, "samples", "capitals.txt");
  const content = new TextDecoder().decode(await vs.workspace.fs.readFile(sample));
  const open = vs.workspace.textDocuments.find((document) => document.uri.toString() === demo.uri);
  if (open?.getText() === content) return open;
  const document = await vs.workspace.openTextDocument({ content, language: "plaintext" });
  demo.uri = document.uri.toString();
  return document;
}

async function tokensOf(
  host: Host,
  document: TextDocument,
  { prompt, word }: { readonly prompt: string; readonly word: string },
): Promise<{ readonly read: ReadPrompt; readonly span: PlacedSpan }> {
  const data = addressed(document);
  const at = data.text.indexOf(prompt);
  const located = at < 0 ? null : promptAt(host, data, at);
  const start = located?.prompt.text.indexOf(word) ?? -1;
  if (!located || start < 0) {
    throw new SwapError(
      "internal",
      l10n.t("The sample does not hold “{0}” as a prompt.", prompt),
      l10n.t("Install State Swap again."),
    );
  }
  const known = host.prompts.keep(data, located);
  const read = await readPrompt(toRead(known), host.supervisor, host.reading);
  const [span] = spansOf(read, [{ start, end: start + word.length }]);
  if (!span) throw new SwapError("internal", l10n.t("No token covers “{0}”.", word), "");
  return { read, span };
}
