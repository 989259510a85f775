/** Shows tokens of a read prompt in their editor, which does not take the keyboard. */
import type { TextEditor } from "vscode";
import type { Host } from "../host.ts";
import { tokenPlaces } from "../prompt/token-places.ts";
import type { ReadPrompt } from "../prompt/reading.ts";

/** Selects tokens in the editor of their prompt and scrolls to the first; nothing for prompts without a document. */
export async function revealTokens(
  host: Host,
  read: ReadPrompt,
  positions: readonly number[],
): Promise<void> {
  const { vs } = host;
  const prompt = read.promptId === null ? null : host.prompts.get(read.promptId);
  if (!prompt) return;
  const placeOf = tokenPlaces(read, prompt);
  const places = positions.map(placeOf).filter((at) => at !== null);
  const editor = await editorOf(host, prompt.uri);
  const selections = places.map(
    ({ start, end }) => new vs.Selection(editor.document.positionAt(start), editor.document.positionAt(end)),
  );
  const [first] = selections;
  if (!first) return;
  editor.selections = selections;
  editor.revealRange(first, vs.TextEditorRevealType.InCenterIfOutsideViewport);
}

async function editorOf({ vs }: Host, uri: string): Promise<TextEditor> {
  const visible = vs.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri);
  return visible ?? vs.window.showTextDocument(vs.Uri.parse(uri), { preserveFocus: true });
}
