// Pieces of the walkthrough's pictures: texts and boxes in the theme's colours, and the demo's editor.
import { importTypeScript } from "./import-typescript.mjs";

const { OUTCOME_HUES } = await importTypeScript("src/shared/figure/hues.ts");
const { OUTCOME_MARK } = await importTypeScript("src/shared/experiment/outcome.ts");

export const width = 440;
export const line = 21;
/** Width of a character of the code font at 12 px. */
export const character = 7.22;

// The colours after the comma are seen where a picture is opened as a file.
export const color = {
  text: "var(--vscode-editor-foreground, #3b3b3b)",
  dim: "var(--vscode-descriptionForeground, #717171)",
  ground: "var(--vscode-editor-background, #ffffff)",
  edge: "var(--vscode-widget-border, var(--vscode-contrastBorder, #c8c8c8))",
  numbers: "var(--vscode-editorLineNumber-foreground, #8a8a8a)",
  selection: "var(--vscode-editor-selectionBackground, #add6ff)",
  menu: "var(--vscode-menu-background, #f8f8f8)",
  menuText: "var(--vscode-menu-foreground, #3b3b3b)",
  chosen: "var(--vscode-list-activeSelectionBackground, #0060c0)",
  chosenText: "var(--vscode-list-activeSelectionForeground, #ffffff)",
  focus: "var(--vscode-focusBorder, #0067c0)",
  source: `var(--vscode-stateSwap-source, ${OUTCOME_HUES.light.source})`,
  target: `var(--vscode-stateSwap-target, ${OUTCOME_HUES.light.target})`,
  neither: `var(--vscode-stateSwap-neither, ${OUTCOME_HUES.light.neither})`,
};

const escaped = (/** @type {string} */ text) =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
export const marks = OUTCOME_MARK;
export const visible = (/** @type {string} */ text) => text.replaceAll(" ", "␣").replaceAll("\n", "⏎");
export const percent = (/** @type {number} */ logprob) => `${(100 * Math.exp(logprob)).toFixed(1)} %`;

/** @param {{ code?: boolean, bold?: boolean, size?: number, anchor?: string }} [look] */
export function text(
  /** @type {number} */ x,
  /** @type {number} */ y,
  /** @type {string} */ said,
  fill = color.text,
  look = {},
) {
  const font = look.code
    ? `font-family="var(--vscode-editor-font-family, monospace)" textLength="${(said.length * character).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`
    : `font-family="var(--vscode-font-family, system-ui, sans-serif)"`;
  const weight = look.bold ? ` font-weight="600"` : "";
  const anchor = look.anchor ? ` text-anchor="${look.anchor}"` : "";
  return `<text x="${x}" y="${y}" xml:space="preserve" font-size="${look.size ?? 12}" fill="${fill}" ${font}${weight}${anchor}>${escaped(said)}</text>`;
}

/** @param {{ fill?: string, opacity?: number, stroke?: string, dash?: string, round?: number }} look */
export function box(
  /** @type {number} */ x,
  /** @type {number} */ y,
  /** @type {number} */ w,
  /** @type {number} */ h,
  { fill = "none", opacity = 1, stroke = "none", dash = "", round = 2 },
) {
  return `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${round}" fill="${fill}" fill-opacity="${opacity}" stroke="${stroke}"${dash === "" ? "" : ` stroke-dasharray="${dash}"`}/>`;
}

export function picture(
  /** @type {string} */ title,
  /** @type {number} */ height,
  /** @type {string[]} */ parts,
) {
  const frame = box(0.5, 0.5, width - 1, height - 1, { fill: color.ground, stroke: color.edge, round: 6 });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">\n${[frame, ...parts].join("\n")}\n</svg>\n`;
}

export const prompt = [
  "The country Italy",
  "",
  "Q: What is the capital of Spain? ",
  " A: Madrid ",
  " Q: What is the capital of France? ",
  " A:",
];
export const codeLeft = 40;
const codeTop = 18;
export const lineY = (/** @type {number} */ number) => codeTop + (number - 1) * line;

/** The demo's text with line numbers, from the picture's top. */
export function editor() {
  return prompt.flatMap((content, i) => [
    text(26, lineY(i + 1) + 14, String(i + 1), color.numbers, { anchor: "end" }),
    ...(content.trim() === ""
      ? []
      : [text(codeLeft, lineY(i + 1) + 14, content.trimEnd(), color.text, { code: true })]),
  ]);
}

/** A token's box: the source's is solid, the target's dashed. */
export function tokenBox(
  /** @type {number} */ number,
  /** @type {string} */ word,
  /** @type {"source" | "target"} */ side,
) {
  const x = codeLeft + prompt[number - 1].indexOf(word) * character - 1;
  const dash = side === "target" ? "4 2" : "";
  return box(x, lineY(number) + 1, word.length * character + 2, line - 4, {
    ...{ stroke: color[side], fill: color[side], opacity: 0.15, dash },
  });
}

/** Text behind a line, part by part in its colour. */
export function after(
  /** @type {number} */ number,
  /** @type {readonly (readonly [string, string])[]} */ parts,
) {
  let x = codeLeft + (prompt[number - 1].trimEnd().length + 3) * character;
  return parts.map(([said, fill]) => {
    const drawn = text(x, lineY(number) + 14, said, fill, { code: true });
    x += said.length * character;
    return drawn;
  });
}
