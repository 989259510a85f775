/**
 * Whether cost grows as the plan says: sweeps over prompt length, replaced position and range of k, each in a process of its
 * own, against the plan's arithmetic, with the most memory that was resident. `npm run bench:cost -- --json FILE`; needs
 * `npm run model:smollm2`. `--q4` takes the 4-bit file instead of its weights as float32.
 */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Experiment, Prompt } from "../../src/shared/experiment/experiment.ts";
import type { RunPlan } from "../../src/shared/experiment/run-plan.ts";
import { openModel } from "../../src/engine/open.ts";
import { runUnpatched } from "../../src/engine/pass/unpatched-run.ts";
import { uncancelled } from "../../src/engine/pass/control.ts";
import { planSweep } from "../../src/engine/pass/run-plan.ts";
import { arithmetic } from "./arithmetic.ts";
import { writeFp32Gguf } from "./fp32-gguf.ts";
import { productRate } from "./product-rate.ts";
import { demoOf, sweep, swapAt } from "./work.ts";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const packed = path.join(root, "models/SmolLM2-135M-Instruct.Q4_1.gguf");
const { values: options } = parseArgs({
  options: {
    json: { type: "string" },
    q4: { type: "boolean", default: false },
    threads: { type: "string", default: "2" },
    cell: { type: "string" },
  },
});
const threads = Number(options.threads);
const file = options.q4 ? packed : packed.replace("Q4_1", "F32");

/** What is swept. */
interface Cell {
  readonly tokens: number;
  readonly position: number;
  readonly from: number;
}

/** What came of it. */
interface Figures extends Cell {
  /** Of a sweep on kept runs, the median of up to three. */
  readonly seconds: number;
  readonly blockTokens: number;
  /** Seconds that the plan's arithmetic takes at the rate of one large product. */
  readonly bound: number;
  /** The plan's own estimate of what its largest batch holds. */
  readonly plannedMiB: number;
  /** Most resident memory: with the model open and the runs kept, and at the end. */
  readonly openMiB: number;
  readonly peakMiB: number;
}

const mebibytes = (bytes: number): number => bytes / 2 ** 20;
const resident = (): number => mebibytes(process.resourceUsage().maxRSS * 1024);

/** The plan of a cell's rows, runs being kept. */
function planOf(
  cell: Cell,
  target: readonly number[],
  source: readonly number[],
  blocks: number,
): Experiment {
  const prompt = (ids: readonly number[]): Prompt => ({
    text: null,
    ids,
    tokens: [],
    bos: { policy: "off", added: false },
  });
  return {
    target: prompt(target),
    source: prompt(source),
    condition: swapAt(cell.position, source.length - 1),
    layers: { from: cell.from, to: blocks - 1 },
    top: 1,
    lens: false,
    answers: { target: null, source: null, scoring: "next-token", tokens: 1 },
  };
}

async function measure(cell: Cell): Promise<Figures> {
  const model = await openModel({ path: file, file: null, threads, runtime: "auto" });
  const demo = demoOf(model);
  const { decoder } = model;
  const { info } = decoder;
  const text = Array.from({ length: cell.tokens }, (_, i) => demo.target[i % demo.target.length]!);
  const experiment = planOf(cell, text, demo.source, info.blocks);
  const kept = {
    unpatched: await runUnpatched(decoder, text, uncancelled()),
    source: await runUnpatched(decoder, demo.source, uncancelled()),
  };
  const rate = await productRate(threads);
  const openMiB = resident();
  const plan: RunPlan = planSweep(experiment, { info, isKept: () => true });
  const times: number[] = [];
  for (let i = 0; i < 3 && times.reduce((sum, time) => sum + time, 0) < 20; i++) {
    const startedAt = performance.now();
    await sweep({ ...demo, target: text }, experiment.condition, kept, experiment.layers);
    times.push((performance.now() - startedAt) / 1000);
  }
  await decoder.close();
  return {
    ...cell,
    seconds: times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!,
    blockTokens: plan.blockTokens,
    bound: arithmetic(plan, cell.tokens) / rate,
    plannedMiB: mebibytes(plan.bytes),
    openMiB,
    peakMiB: resident(),
  };
}

/** Lengths from a sentence to a page; the second token, the middle, and five from the end; all blocks, and the upper half. */
function cells(blocks: number): Cell[] {
  return [16, 64, 256, 1024].flatMap((tokens) =>
    [1, tokens / 2, tokens - 5].flatMap((position) =>
      [0, blocks / 2].map((from) => ({ tokens, position, from })),
    ),
  );
}

if (options.cell !== undefined) {
  const figures = await measure(JSON.parse(options.cell) as Cell);
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  process.exit(0);
}
if (!fs.existsSync(packed)) {
  process.stderr.write(`There is no model at ${packed}. Run: npm run model:smollm2\n`);
  process.exit(1);
}
if (!options.q4) writeFp32Gguf(packed, file);
const script = fileURLToPath(import.meta.url);
const all: Figures[] = [];
process.stdout.write(
  "| tokens | position | k | block-tokens | seconds | bound | ratio | planned MiB | peak over open MiB |\n| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
);
for (const cell of cells(30)) {
  const args = [script, "--threads", options.threads, ...(options.q4 ? ["--q4"] : [])];
  const output = execFileSync(process.execPath, [...args, "--cell", JSON.stringify(cell)], {
    encoding: "utf8",
  });
  const figures = JSON.parse(output.trim().split("\n").at(-1)!) as Figures;
  all.push(figures);
  const { tokens, position, from, blockTokens, seconds, bound, plannedMiB, openMiB, peakMiB } = figures;
  const numbers = [seconds.toFixed(3), bound.toFixed(3), (seconds / bound).toFixed(2)];
  const memory = [plannedMiB.toFixed(0), `${(peakMiB - openMiB).toFixed(0)} (${openMiB.toFixed(0)})`];
  process.stdout.write(
    `| ${[tokens, position, `${from}–29`, blockTokens, ...numbers, ...memory].join(" | ")} |\n`,
  );
}
if (options.json !== undefined) fs.writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
