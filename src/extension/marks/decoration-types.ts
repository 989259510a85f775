/** The kinds of decoration, made once and shared by all editors. */
import type { DecorationOptions, TextEditorDecorationType, Uri } from "vscode";
import { COLOR_IDS } from "../ids.ts";
import type { VsCode } from "../vs.ts";
import type { Part } from "../../shared/words/parts.ts";

/** Colours of a line's text follow each other; each needs a type of its own (see `orderedSlots`). */
const LINE_SLOTS = 28;

/** All kinds. */
export interface DecorationTypes {
  readonly bar: TextEditorDecorationType;
  readonly source: TextEditorDecorationType;
  readonly target: TextEditorDecorationType;
  readonly staleTarget: TextEditorDecorationType;
  readonly washed: TextEditorDecorationType;
  readonly last: TextEditorDecorationType;
  readonly evenTokens: TextEditorDecorationType;
  readonly oddTokens: TextEditorDecorationType;
  readonly held: TextEditorDecorationType;
  readonly slots: readonly TextEditorDecorationType[];
}

/**
 * Makes all kinds. Source and target differ in the line of their box as well as in colour: the target's has a base.
 *
 * @param media the folder of the bar's pictures
 */
export function makeDecorationTypes(vs: VsCode, media: Uri): DecorationTypes {
  const color = (id: string) => new vs.ThemeColor(id);
  const make = vs.window.createTextEditorDecorationType;
  const source = color(COLOR_IDS.source);
  const target = color(COLOR_IDS.target);
  const dim = color(COLOR_IDS.stale);
  const bar = (name: string) => ({ gutterIconPath: vs.Uri.joinPath(media, name) });
  const behavior = { rangeBehavior: vs.DecorationRangeBehavior.ClosedClosed };
  return {
    // In the margin: a border at the line's start would cut its first letter.
    bar: make({
      isWholeLine: true,
      gutterIconSize: "100% 100%",
      light: bar("prompt-bar-light.svg"),
      dark: bar("prompt-bar-dark.svg"),
    }),
    source: make({
      ...behavior,
      borderStyle: "solid",
      borderWidth: "1px",
      borderRadius: "3px",
      borderColor: source,
      backgroundColor: color(COLOR_IDS.putIn),
      overviewRulerColor: source,
      overviewRulerLane: vs.OverviewRulerLane.Left,
    }),
    target: make({
      ...behavior,
      borderStyle: "solid",
      borderWidth: "1px 1px 3px 1px",
      borderRadius: "3px",
      borderColor: target,
      backgroundColor: color(COLOR_IDS.replaced),
      overviewRulerColor: target,
      overviewRulerLane: vs.OverviewRulerLane.Right,
    }),
    staleTarget: make({
      ...behavior,
      borderStyle: "dashed",
      borderWidth: "1px",
      borderRadius: "3px",
      borderColor: dim,
    }),
    // Boxes around so many tokens would be all that is seen of the prompt.
    washed: make({ ...behavior, backgroundColor: color(COLOR_IDS.replaced) }),
    last: make({
      ...behavior,
      borderStyle: "dotted",
      borderWidth: "0 0 2px 0",
      borderColor: color("foreground"),
    }),
    evenTokens: make({ ...behavior, backgroundColor: color("editor.wordHighlightBackground") }),
    oddTokens: make({
      ...behavior,
      borderStyle: "solid",
      borderWidth: "0 1px",
      borderColor: color("editorIndentGuide.activeBackground1"),
    }),
    held: make({
      ...behavior,
      outlineStyle: "solid",
      outlineWidth: "1px",
      outlineColor: color("foreground"),
    }),
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
  part: Part,
  stale: boolean,
  isFirst: boolean,
): NonNullable<DecorationOptions["renderOptions"]> {
  const plain = part.strong ? "editor.foreground" : "descriptionForeground";
  const id = stale ? COLOR_IDS.stale : part.side === null ? plain : COLOR_IDS[part.side];
  return {
    after: {
      // VS Code draws neighbouring blanks as one.
      contentText: part.text.replaceAll(" ", "\u00a0"),
      color: new vs.ThemeColor(id),
      ...(part.strong ? { fontWeight: "bold" } : {}),
      ...(stale ? { fontStyle: "italic" } : {}),
      ...(isFirst ? { margin: "0 0 0 2ch" } : {}),
    },
  };
}
