/** Shows tokens of a read prompt in their editor, which does not take the keyboard. */
import type { TextEditor, ViewColumn } from "vscode";
import type { Host } from "../host.ts";
import { tokenPlaces } from "../prompt/token-places.ts";
import { PANEL_EDITOR_ID } from "../ids.ts";
import type { ReadPrompt } from "../prompt/reading.ts";
import type { VsCode } from "../vs.ts";

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
  if (visible) return visible;
  return vs.window.showTextDocument(vs.Uri.parse(uri), {
    preserveFocus: true,
    viewColumn: besidePanel(vs),
  });
}

/** Where a document can be shown that does not cover the panel's tab; the active column where there is none. */
function besidePanel({ window, ViewColumn: columns, TabInputWebview }: VsCode): ViewColumn {
  const { all } = window.tabGroups;
  // VS Code puts a prefix of its own before the type of a webview.
  const showsPanel = all.find(
    ({ activeTab }) =>
      activeTab?.input instanceof TabInputWebview && activeTab.input.viewType.endsWith(PANEL_EDITOR_ID),
  );
  if (!showsPanel) return columns.Active;
  return all.find((group) => group !== showsPanel)?.viewColumn ?? columns.Beside;
}
