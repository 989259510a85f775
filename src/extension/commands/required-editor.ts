/** The editor that a command works in. */
import type { TextEditor } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import type { Host } from "../host.ts";

/** @throws SwapError `usage` when no text editor is active */
export function requiredEditor(host: Host): TextEditor {
  const editor = host.vs.window.activeTextEditor;
  if (editor) return editor;
  throw new SwapError("usage", "No text editor is active.", "Open a file with a prompt, or run the demo.");
}
