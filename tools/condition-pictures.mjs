// Draws the pictures of docs/conditions: each condition run on SmolLM2 and the paper's demo prompt by the built command
// line. `npm run build && npm run model:smollm2` first.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { importTypeScript } from "./import-typescript.mjs";

const { OUTCOME_HUES } = await importTypeScript("src/shared/figure/hues.ts");
const { OUTCOME_MARK } = await importTypeScript("src/shared/experiment/outcome.ts");

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const model = path.join(root, "models/SmolLM2-135M-Instruct.Q4_1.gguf");
const prompt = "Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:";
const source = "The country Italy";
const swapArguments = ["--source", source, "--swap", "France", "--with", "Italy"];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-pictures-"));

function cli(...args) {
  return execFileSync(process.execPath, [path.join(root, "dist/cli.mjs"), ...args, "--model", model], {
    maxBuffer: 1 << 28,
    encoding: "utf8",
  });
}

function sweep(condition, extra = []) {
  return JSON.parse(cli("sweep", "--target", prompt, "--condition", condition, "--json", ...extra));
}

/** The states of " Italy" before each layer, as a file for the condition vectors: read from `state-swap states`. */
function italyVectors(swap) {
  const file = path.join(folder, "states.npy");
  cli("states", "--target", source, "-o", file);
  const bytes = fs.readFileSync(file);
  const header = bytes.subarray(10, 10 + bytes.readUInt16LE(8)).toString("latin1");
  const [planes, positions, width] = /\((\d+), (\d+), (\d+)\)/.exec(header).slice(1).map(Number);
  const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset + 10 + bytes.readUInt16LE(8)));
  const from = swap.source.positions[0];
  const entries = Array.from({ length: planes - 1 }, (_, k) => ({
    k,
    positions: swap.target.positions,
    vectors: [Array.from(data.subarray((k * positions + from) * width, (k * positions + from + 1) * width))],
  }));
  const target = path.join(folder, "vectors.json");
  fs.writeFileSync(target, JSON.stringify(entries));
  return target;
}

/** Rules that colour what is of each outcome. */
const hueRules = (theme) =>
  ["source", "target", "neither"]
    .map((outcome) => {
      const hue = OUTCOME_HUES[theme][outcome];
      return `.${outcome} { fill: ${hue} } .line-${outcome} { stroke: ${hue} } .band-${outcome} { fill: ${hue} }`;
    })
    .join(" ");

const style = `
  text { font: 12px system-ui, sans-serif; fill: #57606a }
  .mark { fill: #fff; font-size: 10px } .strong { fill: #24292f; font-weight: 600 }
  .line-source, .line-target { fill: none; stroke-width: 2 } .band-source, .band-target { opacity: 0.2 }
  .outside { fill: none; stroke: #d0d7de } .axis { stroke: #d0d7de } .flip { stroke: #24292f; stroke-dasharray: 3 2 }
  ${hueRules("light")}
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1 } .mark { fill: #0d1117 } .strong { fill: #f0f6fc }
    .outside, .axis { stroke: #3d444d } .flip { stroke: #f0f6fc }
    ${hueRules("dark")}
  }`;

const left = 130;
const cell = 19;
const stripTop = 30;
const stripHeight = 26;
const curveTop = 70;
const curveHeight = 90;

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

function picture(title, result) {
  const blocks = result.model.blocks;
  const ks = [...new Set(result.rows.map((row) => row.k))];
  const rowsAt = (k) => result.rows.filter((row) => row.k === k);
  const width = left + blocks * cell + 60;
  const x = (k) => left + k * cell;
  const middle = (k) => x(k) + cell / 2;
  const sides = ["target", ...(result.answers.source ? ["source"] : [])];
  const values = result.rows.flatMap((row) => sides.map((side) => row[`${side}Logprob`]));
  const low = Math.floor(Math.min(...values, -1));
  const y = (value) => curveTop + (value / low) * curveHeight;
  const parts = [`<text class="strong" x="${left}" y="18">${escaped(title)}</text>`];
  for (let k = 0; k < blocks; k++) {
    const rows = rowsAt(k);
    if (rows.length === 0) {
      parts.push(
        `<rect class="outside" x="${x(k)}" y="${stripTop}" width="${cell - 1}" height="${stripHeight}"/>`,
      );
    }
    rows.forEach(({ outcome }, i) => {
      const height = stripHeight / rows.length;
      parts.push(
        `<rect class="${outcome}" x="${x(k)}" y="${(stripTop + i * height).toFixed(1)}" width="${cell - 1}" height="${(height - (rows.length > 1 ? 0.5 : 0)).toFixed(1)}"/>`,
      );
      if (rows.length === 1) {
        parts.push(
          `<text class="mark" x="${middle(k)}" y="${stripTop + 17}" text-anchor="middle">${OUTCOME_MARK[outcome]}</text>`,
        );
      }
    });
  }
  parts.push(`<text x="${left - 8}" y="${stripTop + 17}" text-anchor="end">answer</text>`);
  parts.push(
    `<line class="axis" x1="${left}" x2="${x(blocks)}" y1="${curveTop}" y2="${curveTop}"/>`,
    `<line class="axis" x1="${left}" x2="${x(blocks)}" y1="${curveTop + curveHeight}" y2="${curveTop + curveHeight}"/>`,
    `<text x="${x(blocks) + 6}" y="${curveTop + 4}">0</text>`,
    `<text x="${x(blocks) + 6}" y="${curveTop + curveHeight + 4}">${low}</text>`,
  );
  sides.forEach((side, i) => {
    const of = (k) => rowsAt(k).map((row) => row[`${side}Logprob`]);
    const mean = (k) => of(k).reduce((sum, value) => sum + value, 0) / of(k).length;
    if (rowsAt(ks[0]).length > 1) {
      const upper = ks.map((k) => `${middle(k)},${y(Math.max(...of(k))).toFixed(1)}`);
      const lower = ks.map((k) => `${middle(k)},${y(Math.min(...of(k))).toFixed(1)}`).reverse();
      parts.push(`<polygon class="band-${side}" points="${[...upper, ...lower].join(" ")}"/>`);
    }
    parts.push(
      `<polyline class="line-${side}" points="${ks.map((k) => `${middle(k)},${y(mean(k)).toFixed(1)}`).join(" ")}"/>`,
      `<text class="${side}" x="${left - 8}" y="${curveTop + 16 + i * 18}" text-anchor="end">log p(${escaped(result.answers[side].text.trim())})</text>`,
    );
  });
  if (result.flip) {
    const at = x(result.flip.k) - 0.5;
    parts.push(
      `<line class="flip" x1="${at}" x2="${at}" y1="${stripTop - 4}" y2="${curveTop + curveHeight}"/>`,
      `<text class="strong" x="${at - 4}" y="${curveTop + curveHeight - 6}" text-anchor="end">flip ${result.flip.k}</text>`,
    );
  }
  const bottom = curveTop + curveHeight + 18;
  for (let k = 0; k < blocks; k += 6)
    parts.push(`<text x="${middle(k)}" y="${bottom}" text-anchor="middle">${k}</text>`);
  parts.push(`<text x="${left - 8}" y="${bottom}" text-anchor="end">layer k</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 8}" width="${width}" role="img" aria-label="${escaped(title)}"><style>${style}\n</style>\n${parts.join("\n")}\n</svg>\n`;
}

const swap = sweep("swap", swapArguments);
const runs = {
  swap: ["Swap: the state of “Italy” over “France”", swap],
  random: ["Random: all tokens but the last, 5 seeds", sweep("random", ["--seeds", "5"])],
  shuffle: ["Shuffle: all tokens but the last, 5 seeds", sweep("shuffle", ["--seeds", "5"])],
  freeze: ["Freeze: all tokens but the last", sweep("freeze")],
  "skip-attention": ["Skip attention: layers from k on", sweep("skip-attention")],
  zero: ["Zero: all tokens but the last", sweep("zero")],
  mean: ["Mean: all tokens but the last", sweep("mean")],
  angle: [
    "Angle: 30° from the state, all tokens but the last, 5 seeds",
    sweep("angle", ["--angle", "30", "--seeds", "5"]),
  ],
  identity: ["Identity: all tokens but the last", sweep("identity")],
  vectors: ["Vectors: states of “Italy” from a file", sweep("vectors", ["--vectors", italyVectors(swap)])],
};
for (const [name, [title, result]] of Object.entries(runs)) {
  const file = path.join(root, "docs/conditions", `${name}.svg`);
  fs.writeFileSync(file, picture(title, result));
  const flip = result.flip ? `flip ${result.flip.k}` : "no flip";
  console.log(`${path.relative(root, file)}: ${result.rows.length} rows, ${flip}`);
}
fs.rmSync(folder, { recursive: true });
