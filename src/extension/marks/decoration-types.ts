/** The kinds of decoration, made once and shared by all editors. */
import type { DecorationOptions, TextEditorDecorationType } from "vscode";
import { colorIds } from "../ids.ts";
import type { VsCode } from "../vs.ts";
import type { AfterPart } from "./after-text.ts";

/** Colours of a line's text follow each other; each needs a type of its own (see `orderedSlots`). */
const LINE_SLOTS = 20;

/** All kinds. */
export interface DecorationTypes {
  readonly bar: TextEditorDecorationType;
  readonly source: TextEditorDecorationType;
  readonly target: TextEditorDecorationType;
  readonly staleTarget: TextEditorDecorationType;
  readonly last: TextEditorDecorationType;
  readonly evenTokens: TextEditorDecorationType;
  readonly oddTokens: TextEditorDecorationType;
  readonly tokenText: TextEditorDecorationType;
  readonly slots: readonly TextEditorDecorationType[];
}

/** Makes all kinds. Source and target differ in the line of their box, solid and double, as well as in colour. */
export function makeDecorationTypes(vs: VsCode): DecorationTypes {
  const color = (id: string) => new vs.ThemeColor(id);
  const make = vs.window.createTextEditorDecorationType;
  const source = color(colorIds.source);
  const target = color(colorIds.target);
  const dim = color("disabledForeground");
  const behavior = { rangeBehavior: vs.DecorationRangeBehavior.ClosedClosed };
  return {
    bar: make({ isWholeLine: true, borderStyle: "solid", borderWidth: "0 0 0 2px", borderColor: source }),
    source: make({
      ...behavior,
      ...{ borderStyle: "solid", borderWidth: "1px", borderRadius: "3px", borderColor: source },
      ...{ overviewRulerColor: source, overviewRulerLane: vs.OverviewRulerLane.Left },
    }),
    target: make({
      ...behavior,
      ...{ borderStyle: "double", borderWidth: "3px", borderRadius: "3px", borderColor: target },
      ...{ overviewRulerColor: target, overviewRulerLane: vs.OverviewRulerLane.Right },
    }),
    staleTarget: make({
      ...behavior,
      ...{ borderStyle: "dashed", borderWidth: "1px", borderRadius: "3px", borderColor: dim },
    }),
    last: make({
      ...behavior,
      borderStyle: "dotted",
      borderWidth: "0 0 2px 0",
      borderColor: color("foreground"),
    }),
    evenTokens: make({ ...behavior, backgroundColor: color("editor.wordHighlightBackground") }),
    oddTokens: make({
      ...behavior,
      ...{
        borderStyle: "solid",
        borderWidth: "0 1px",
        borderColor: color("editorIndentGuide.activeBackground1"),
      },
    }),
    tokenText: make({}),
    slots: orderedSlots(vs),
  };
}

/**
 * Types for texts that stand behind one another at the same place. VS Code draws such texts in the order of the types'
 * keys compared as strings, whatever the order in which they are set.
 */
function orderedSlots(vs: VsCode): TextEditorDecorationType[] {
  const types = Array.from({ length: LINE_SLOTS }, () => vs.window.createTextEditorDecorationType({}));
  return types.sort((a, b) => (`${a.key}-` < `${b.key}-` ? -1 : 1));
}

/** A part of a text as VS Code draws it. */
export function afterOptions(
  vs: VsCode,
  part: AfterPart,
  stale: boolean,
  isFirst: boolean,
): NonNullable<DecorationOptions["renderOptions"]> {
  const id = stale
    ? "disabledForeground"
    : part.tone === "plain"
      ? "descriptionForeground"
      : colorIds[part.tone];
  return {
    after: {
      contentText: part.text,
      color: new vs.ThemeColor(id),
      ...(part.strong ? { fontWeight: "bold" } : {}),
      ...(stale ? { fontStyle: "italic" } : {}),
      ...(isFirst ? { margin: "0 0 0 2ch" } : {}),
    },
  };
}
