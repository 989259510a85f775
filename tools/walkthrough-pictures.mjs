// Draws the walkthrough's pictures from the stored run of the demo (media/demo.swap.json), in the theme's colours.
//
// VS Code puts each picture into a page that allows no style attribute and no style element of its own: colours are
// presentation attributes. `node tools/walkthrough-pictures.mjs` writes media/walkthrough.
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import {
  after,
  box,
  codeLeft,
  character,
  color,
  editor,
  marks,
  line,
  lineY,
  percent,
  picture,
  prompt,
  text,
  tokenBox,
  visible,
  width,
} from "./picture-parts.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** @typedef {{ id: number, text: string, logprob: number }} Top */
/** @typedef {{ k: number, outcome: "source" | "target" | "neither", top: Top[] }} Row */

function runDemo(/** @type {any} */ { sweep }) {
  /** @type {Row[]} */
  const rows = sweep.rows;
  const { k, of } = sweep.flip;
  const [first, last] = [rows[0], rows[rows.length - 1]];
  const answers = [
    [`flip ${k}/${of}`, color.text],
    [`  ◆“${first.top[0].text.trim()}” 0–${k - 1}`, color.source],
    [`  ★“${last.top[0].text.trim()}” ${k}–${of - 1}`, color.target],
    ["  ← ◆Italy", color.dim],
  ];
  const parts = [
    ...editor(),
    tokenBox(1, "Italy", "source"),
    tokenBox(5, "France", "target"),
    ...after(6, answers),
  ];
  return picture(
    `${first.top[0].text.trim()} up to k = ${k - 1}, then ${last.top[0].text.trim()}`,
    162,
    parts,
  );
}

function copyAndSwap() {
  const [menu, x] = [40, 178];
  const selected = codeLeft + prompt[4].indexOf("France") * character;
  const items = [
    ["Copy State", "Ctrl+K Shift+C"],
    ["Swap State Here", "Ctrl+K Shift+V"],
    ["Run Condition…", "Ctrl+K Shift+X"],
  ];
  const top = lineY(5) + line;
  return picture("Copy State in one prompt, Swap State Here in another", 228, [
    box(selected, lineY(5) - 1, 6 * character, line, { fill: color.selection, round: 0 }),
    ...editor(),
    tokenBox(1, "Italy", "source"),
    ...after(1, [["◆ state copied: ␣Italy @2 of 3", color.source]]),
    box(menu, top, x - menu - 2, 32, { fill: color.menu, stroke: color.edge, round: 5 }),
    box(menu + 4, top + 4, x - menu - 10, 24, { fill: color.chosen, round: 4 }),
    text(menu + 14, top + 20, "State Swap", color.chosenText),
    text(x - 14, top + 20, "›", color.chosenText, { anchor: "end" }),
    box(x, top, 244, 92, { fill: color.menu, stroke: color.edge, round: 5 }),
    box(x + 4, top + 34, 236, 24, { fill: color.chosen, round: 4 }),
    ...items.flatMap(([name, keys], i) => {
      const fill = i === 1 ? color.chosenText : color.menuText;
      return [
        text(x + 18, top + 22 + i * 28, name, fill),
        text(x + 228, top + 22 + i * 28, keys, fill, { anchor: "end", size: 11 }),
      ];
    }),
  ]);
}

function stepThroughK(/** @type {any} */ { sweep }) {
  /** @type {Row[]} */
  const rows = sweep.rows;
  const k = sweep.flip.k - 1;
  const [left, cell, top] = [64, 30, 34];
  const x = (/** @type {number} */ at) => left + at * cell;
  const shown = [rows[k], rows[k + 1]];
  return picture("The answer before each layer, and the most probable ones at two of them", 208, [
    text(56, top + 20, "answer", color.dim, { anchor: "end" }),
    ...rows.flatMap((row) => [
      box(x(row.k), top, cell - 2, 30, { fill: color[row.outcome], round: 2 }),
      text(x(row.k) + cell / 2 - 1, top + 20, marks[row.outcome], color.ground, {
        anchor: "middle",
        bold: true,
      }),
      text(x(row.k) + cell / 2 - 1, top + 46, String(row.k), color.dim, { anchor: "middle", size: 11 }),
    ]),
    text(56, top + 46, "layer k", color.dim, { anchor: "end", size: 11 }),
    box(x(k) - 3, top - 3, cell + 4, 36, { stroke: color.focus, round: 4 }),
    ...shown.flatMap((row, column) => {
      const at = 20 + column * 210;
      return [
        text(at, 112, `k = ${row.k}`, color.text, { bold: true }),
        ...row.top.slice(0, 4).flatMap((one, i) => {
          const y = 122 + i * 20;
          const answer = one.text.trim();
          const tone = answer === "Rome" ? color.source : answer === "Paris" ? color.target : color.neither;
          return [
            box(at + 70, y, Math.max(1, 66 * Math.exp(one.logprob)), 12, { fill: tone }),
            text(at, y + 11, answer, i === 0 ? tone : color.text, { bold: i === 0 }),
            text(at + 190, y + 11, percent(one.logprob), color.dim, { anchor: "end" }),
          ];
        }),
      ];
    }),
  ]);
}

function runGrid(/** @type {any} */ { grid, target }) {
  /** @type {string[]} */
  const tokens = target.tokens;
  /** @type {{ outcome: ("source" | "target" | "neither")[] }[]} */
  const columns = grid.columns;
  const [left, top, w, h] = [76, 14, 29, 14];
  const from = tokens.length - 18;
  const cells = tokens.slice(from).flatMap((token, row) => {
    const position = from + row;
    const isTarget = grid.targetPositions.includes(position);
    return [
      text(left - 8, top + row * h + 11, visible(token), isTarget ? color.target : color.dim, {
        ...{ anchor: "end", size: 11, bold: isTarget },
      }),
      ...columns[position].outcome.map((outcome, k) =>
        box(left + k * w, top + row * h, w - 1, h - 1, {
          fill: color[outcome],
          opacity: outcome === "target" ? 0.35 : 0.95,
          round: 1,
        }),
      ),
    ];
  });
  const bottom = top + 18 * h;
  const legend = [
    ["source", "Rome"],
    ["target", "Paris"],
    ["neither", "neither"],
  ];
  return picture("Tokens by layers, coloured by the answer", bottom + 52, [
    ...cells,
    ...columns[0].outcome.map((_, k) =>
      text(left + k * w + w / 2, bottom + 13, String(k), color.dim, { anchor: "middle", size: 11 }),
    ),
    text(left - 8, bottom + 13, "layer k", color.dim, { anchor: "end", size: 11 }),
    ...legend.flatMap(([side, name], i) => [
      box(left + i * 96, bottom + 26, 12, 12, {
        fill: color[/** @type {"source"} */ (side)],
        opacity: side === "target" ? 0.35 : 0.95,
      }),
      text(left + 18 + i * 96, bottom + 36, name, color.text),
    ]),
  ]);
}

function chooseModel() {
  const rows = [
    ["countries-2m", "embedded, a demonstration", ""],
    ["SmolLM2-135M-Instruct", "workspace", "GGUF, 30 layers"],
    ["gpt2", "Hugging Face cache", "ONNX, 12 layers"],
    ["Model File…", "GGUF or ONNX", ""],
    ["Hub Model…", "size and licence are shown before a download", ""],
  ];
  const top = 48;
  return picture("The embedded model, files on this machine, a path, a hub", 222, [
    box(14, 12, width - 28, 26, { fill: color.ground, stroke: color.focus, round: 3 }),
    text(24, 29, "Select Model", color.dim),
    box(14, top, width - 28, 32, { fill: color.chosen, round: 4 }),
    ...rows.flatMap(([name, where, facts], i) => {
      const y = top + 21 + i * 33;
      const isChosen = i === 0;
      return [
        text(26, y, name, isChosen ? color.chosenText : color.text),
        text(i < 3 ? 206 : 112, y, where, isChosen ? color.chosenText : color.dim, { size: 11 }),
        text(width - 26, y, facts, color.dim, { anchor: "end", size: 11 }),
      ];
    }),
  ]);
}

function saveSession(/** @type {any} */ session) {
  const { k, of } = session.sweep.flip;
  const names = ["france-italy-swap.swap.json", "germany-italy-swap.swap.json", "kenya-peru-swap.swap.json"];
  const flips = [k, 7, 8];
  const field = (/** @type {string} */ name, /** @type {unknown} */ value) =>
    `  "${name}": ${JSON.stringify(value)},`;
  const json = [
    "{",
    ...["format", "version"].map((name) => field(name, session[name])),
    `  "model": { "name": "${session.model.name}", "sha256": "${session.model.sha256.slice(0, 6)}…`,
    `  "target": { "label": "${session.target.label}", …`,
  ];
  return picture("Saved sessions with their verdicts, and one of them as text", 243, [
    text(18, 28, "SESSIONS", color.text, { bold: true, size: 11 }),
    box(6, 38, width - 12, 24, { fill: color.chosen, round: 3 }),
    ...names.flatMap((name, i) => {
      const fill = i === 0 ? color.chosenText : color.text;
      return [
        text(30, 55 + i * 24, name, fill),
        text(232, 55 + i * 24, `flip ${flips[i]}/${of}`, i === 0 ? color.chosenText : color.dim, {
          size: 11,
        }),
      ];
    }),
    `<line x1="0" x2="${width}" y1="122" y2="122" stroke="${color.edge}"/>`,
    ...json.map((said, i) => text(24, 146 + i * 19, said, color.text, { code: true })),
  ]);
}

/**
 * All pictures, drawn from a run of the demo.
 *
 * @param {unknown} result what media/demo.swap.json holds
 * @returns {ReadonlyMap<string, string>} SVG by name, without the ending
 */
export function walkthroughPictures(result) {
  return new Map([
    ["run-demo", runDemo(result)],
    ["copy-and-swap", copyAndSwap()],
    ["step-through-k", stepThroughK(result)],
    ["run-grid", runGrid(result)],
    ["choose-model", chooseModel()],
    ["save-session", saveSession(result)],
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const result = JSON.parse(fs.readFileSync(path.join(root, "media/demo.swap.json"), "utf8"));
  for (const [name, svg] of walkthroughPictures(result)) {
    fs.writeFileSync(path.join(root, "media/walkthrough", `${name}.svg`), svg);
  }
}
