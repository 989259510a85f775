/** Draws the marks into the visible editors; hidden ones cost nothing. */
import type { DecorationOptions, Range, TextDocument, TextEditor, TextEditorDecorationType } from "vscode";
import type { Host } from "../host.ts";
import type { DocumentTracker } from "../prompt/track-documents.ts";
import type { InlinePlace } from "../settings.ts";
import type { Disposable } from "../signal.ts";
import { throttled } from "../throttle.ts";
import type { DecorationTypes } from "./decoration-types.ts";
import { afterOptions, makeDecorationTypes } from "./decoration-types.ts";
import type { DocumentMarks, LineText } from "./document-marks.ts";
import { documentMarks } from "./document-marks.ts";
import type { Stretch } from "../prompt/token-places.ts";

/** Milliseconds between two drawings while rows stream in. */
const FRAME_MS = 50;

/** Starts drawing. */
export function createMarksModule(host: Host, tracker: DocumentTracker): Disposable {
  const { vs } = host;
  let types: DecorationTypes | null = null;
  /** What each editor was given last, by type: the same again would be wasted work and could flicker. */
  let drawn = new WeakMap<TextEditor, Map<TextEditorDecorationType, string>>();

  const draw = (): void => {
    tracker.flush();
    for (const editor of vs.window.visibleTextEditors) drawEditor(editor);
  };

  const drawEditor = (editor: TextEditor): void => {
    const uri = editor.document.uri.toString();
    const settings = host.settings();
    const marks = documentMarks(uri, host.store.state, (id) => host.prompts.get(id), {
      inlineStyle: settings.inlineStyle,
      maxLength: settings.inlineMaxLength,
      reading: host.reading(),
    });
    if (!types) {
      if (marks.bars.length === 0) return;
      types = makeDecorationTypes(vs, vs.Uri.joinPath(host.context.extensionUri, "media"));
    }
    for (const [type, options] of decorationsOf(host, editor.document, marks, types, settings.inlinePlace))
      set(editor, type, options);
  };

  const set = (
    editor: TextEditor,
    type: TextEditorDecorationType,
    options: readonly DecorationOptions[],
  ): void => {
    const before = drawn.get(editor) ?? new Map<TextEditorDecorationType, string>();
    drawn.set(editor, before);
    // Ranges move with edits by themselves: they are compared together with the text they were made for.
    const now = JSON.stringify([options.length === 0 ? 0 : editor.document.version, options]);
    if ((before.get(type) ?? EMPTY) === now) return;
    before.set(type, now);
    editor.setDecorations(type, [...options]);
  };

  const frames = throttled(draw, FRAME_MS);
  const request = (): void => {
    frames.request();
  };
  const subscriptions: Disposable[] = [
    host.store.changed.on(request),
    host.prompts.changed.on(request),
    host.chosen.changed.on(request),
    vs.window.onDidChangeVisibleTextEditors(draw),
    vs.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("stateSwap")) request();
    }),
    frames,
  ];
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      drawn = new WeakMap();
      if (types) for (const type of typesOf(types)) type.dispose();
    },
  };
}

function typesOf({ slots, ...others }: DecorationTypes): TextEditorDecorationType[] {
  return [...Object.values(others), ...slots];
}

const EMPTY = "[0,[]]";

function decorationsOf(
  { vs }: Host,
  document: TextDocument,
  marks: DocumentMarks,
  types: DecorationTypes,
  place: InlinePlace,
): (readonly [TextEditorDecorationType, readonly DecorationOptions[]])[] {
  const range = ({ start, end }: Stretch): Range =>
    new vs.Range(document.positionAt(start), document.positionAt(end));
  const plain = (stretches: readonly Stretch[]): DecorationOptions[] =>
    stretches.map((stretch) => ({ range: range(stretch) }));
  const lineEnd = (offset: number): Range => {
    const { end } = document.lineAt(document.positionAt(offset).line).range;
    return new vs.Range(end, end);
  };
  const texts = place === "above" ? marks.lineTexts.filter(({ isResult }) => !isResult) : marks.lineTexts;
  return [
    [types.bar, plain(marks.bars)],
    [types.source, plain(marks.source)],
    [types.target, plain(marks.target)],
    [types.staleTarget, plain(marks.staleTarget)],
    [types.washed, plain(marks.washed)],
    [types.last, plain(marks.last)],
    [types.evenTokens, plain(marks.evenTokens)],
    [types.oddTokens, plain(marks.oddTokens)],
    [types.held, plain(marks.held)],
    ...types.slots.map((slot, i) => {
      const options = linesOf(document, texts).flatMap((texts): DecorationOptions[] => {
        const part = texts.flatMap((text) =>
          text.parts.map((one, at) => ({ one, stale: text.stale, isFirst: at === 0 })),
        )[i];
        if (!part) return [];
        const renderOptions = afterOptions(vs, part.one, part.stale, part.isFirst);
        return [{ range: lineEnd(texts[0]!.offset), renderOptions }];
      });
      return [slot, options] as const;
    }),
  ];
}

/** Texts of the same line together, in their order. */
function linesOf(document: TextDocument, texts: readonly LineText[]): LineText[][] {
  const lines = new Map<number, LineText[]>();
  for (const text of texts) {
    const { line } = document.positionAt(text.offset);
    lines.set(line, [...(lines.get(line) ?? []), text]);
  }
  return [...lines.values()];
}
