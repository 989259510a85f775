/** Open Session in Prompt: back to the text that a session was made from, to go on working with it. */
import * as l10n from "@vscode/l10n";
import type { TextDocument, Uri } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import { passesFor } from "../../shared/experiment/same-model.ts";
import type { Session, SessionPrompt } from "../../shared/session/session.ts";
import { readText } from "../files.ts";
import type { Host } from "../host.ts";
import { COMMAND_IDS } from "../ids.ts";
import type { Reading } from "../prompt/reading.ts";
import { interventionOf, ranModelOf } from "./intervention-of.ts";
import { openModel } from "./model-of-session.ts";
import { documentOf, keepPrompt, placeOf } from "./place-prompt.ts";
import { readSession } from "./read-session.ts";

/**
 * Shows the prompt of a session with its result: at its file if the text still stands there, else as a new document.
 *
 * @throws SwapError `usage` when the file cannot be read
 */
export async function openInPrompt(host: Host, uri: Uri): Promise<void> {
  const { vs, store } = host;
  const text = await readText(vs, uri);
  const reading = text === null ? null : readSession(text);
  if (text === null || !reading?.session) {
    const { message, hint } = reading?.damage ?? { message: l10n.t("The session was deleted."), hint: "" };
    throw new SwapError("usage", message, hint);
  }
  const { session } = reading;
  const document = await documentOf(host, session.target);
  const targetId = idOf(host, document, session.target);
  const sourceId = session.source && sourceIdOf(host, document, session.source);
  const model = ranModelOf(session);
  host.ranModels.set(model, session.model);
  const modelKey = await modelKeyFor(host, session);
  const intervention = interventionOf(session, {
    newId: () => store.newId(),
    targetId,
    sourceId,
    model,
    reading: (prompt) => readingOf(prompt, modelKey, host.reading()),
  });
  store.put(intervention);
  store.set({ hasRun: true, setup: { ...store.state.setup, choice: intervention.setup.choice } });
  host.sessions.set(intervention.id, { uri, text });
  await vs.commands.executeCommand(COMMAND_IDS.openPanel, intervention.id);
  const editor = await vs.window.showTextDocument(document, { preview: false });
  const known = targetId === null ? null : host.prompts.get(targetId);
  if (!known) return;
  const at = editor.document.positionAt(known.end);
  editor.selection = new vs.Selection(at, at);
  editor.revealRange(editor.selection, vs.TextEditorRevealType.InCenterIfOutsideViewport);
}

/**
 * How a stored prompt counts as read. A chat template that writes the BOS token itself is read without a second one,
 * whatever the setting says.
 */
export function readingOf(prompt: SessionPrompt, modelKey: string, now: Reading): Reading {
  const { chatTemplate, startsWithBos, tokenization } = prompt;
  const writesBos = chatTemplate && startsWithBos && !tokenization.bos.added;
  return {
    modelKey,
    // The key is the model's only where the tokenizer is the session's too.
    tokenizer: now.tokenizer,
    bos: writesBos ? now.bos : tokenization.bos.policy,
    useChatTemplate: chatTemplate,
  };
}

/** The chosen model's key when it is the session's, by its hashes; else one that no choice has, so that the result is out of date. */
async function modelKeyFor(host: Host, { model }: Session): Promise<string> {
  const other = `sha256:${model.sha256 ?? "unknown"}`;
  try {
    const open = await openModel(host);
    return passesFor(open, model) ? host.reading().modelKey : other;
  } catch (error) {
    host.notices.error(error);
    return other;
  }
}

function idOf(host: Host, document: TextDocument, { text, label }: SessionPrompt): number | null {
  return keepPrompt(host, document, text, { line: placeOf(label).line, mayDeclare: true })?.id ?? null;
}

/** A source is pointed at where it stands beside the target; no document is opened for it. */
function sourceIdOf(host: Host, target: TextDocument, source: SessionPrompt): number | null {
  const { line } = placeOf(source.label);
  for (const document of [target, ...host.vs.workspace.textDocuments]) {
    const known = keepPrompt(host, document, source.text, { line, mayDeclare: false });
    if (known) return known.id;
  }
  return null;
}
