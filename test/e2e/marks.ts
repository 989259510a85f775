/** Reads what the product draws in an editor: text after lines, boxes around tokens, dimming. */
import type { Locator } from "playwright-core";

/** Text that a decoration puts behind a line, in its drawn order. */
export interface InlineText {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  readonly parts: readonly InlinePart[];
}

/** One decoration's text. */
export interface InlinePart {
  readonly text: string;
  readonly color: string;
  readonly opacity: number;
  /** Font weight, 400 is regular. */
  readonly weight: number;
}

/** All after-texts of an editor, top to bottom. */
export async function inlineTexts(editor: Locator): Promise<InlineText[]> {
  return editor.evaluate((root) => {
    const numbers = new Map<number, number>();
    for (const mark of root.querySelectorAll<HTMLElement>(".margin-view-overlays .line-numbers")) {
      numbers.set(Math.round(mark.getBoundingClientRect().top), Number(mark.textContent));
    }
    const lines = [...root.querySelectorAll<HTMLElement>(".view-line")].sort(
      (a, b) => a.offsetTop - b.offsetTop,
    );
    const found: InlineText[] = [];
    for (const line of lines) {
      const parts: InlinePart[] = [];
      for (const span of line.querySelectorAll("span")) {
        // A decoration's text is generated content: no text node holds it.
        const style = getComputedStyle(span, "::after");
        if (style.content === "none" || style.content === "normal" || style.content === '""') continue;
        const text = style.content.replaceAll(/^"|"$/g, "").replaceAll("\\", "").replaceAll("\u00a0", " ");
        parts.push({
          text,
          color: style.color,
          opacity: Number(style.opacity) * Number(getComputedStyle(span).opacity),
          weight: Number(style.fontWeight),
        });
      }
      if (parts.length === 0) continue;
      const number = numbers.get(Math.round(line.getBoundingClientRect().top)) ?? 0;
      found.push({ line: number, text: parts.map((part) => part.text).join(""), parts });
    }
    return found;
  });
}

/** The after-text of one line, empty when it has none. */
export async function inlineText(editor: Locator, line: number): Promise<string> {
  return (await inlineTexts(editor)).find((mark) => mark.line === line)?.text ?? "";
}

/** A decoration drawn over text, CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly border: string;
  readonly background: string;
}

/** Decorations that have a border or ground of their own; VS Code's selection, find and bracket marks are left out. */
export async function boxes(editor: Locator): Promise<Box[]> {
  return editor.evaluate((root) => {
    const found: Box[] = [];
    for (const mark of root.querySelectorAll<HTMLElement>(
      '.view-overlays [class*="TextEditorDecorationType"], .view-lines [class*="TextEditorDecorationType"]',
    )) {
      const style = getComputedStyle(mark);
      const { x, y, width } = mark.getBoundingClientRect();
      const bordered = style.borderBottomStyle !== "none" || style.borderTopStyle !== "none";
      const grounded = style.backgroundColor !== "rgba(0, 0, 0, 0)";
      if (width === 0 || !(bordered || grounded)) continue;
      const border = bordered
        ? `${style.borderBottomWidth} ${style.borderBottomStyle} ${style.borderBottomColor}`
        : "";
      found.push({ x, y, width, border, background: style.backgroundColor });
    }
    return found;
  });
}
