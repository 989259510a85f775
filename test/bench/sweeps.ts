/**
 * The engine's own benchmark: sweeps and the grid of the paper's demo pair on SmolLM2, each against as many whole passes in
 * the same engine and against the bound that its arithmetic sets. Runs are interleaved. `npm run bench -- --json FILE`
 * (needs `npm run model:smollm2`); `--q4` times the 4-bit file instead of its weights as float32, `--model` another file;
 * `--runtime native,webgpu` one after the other; `--sweep-only` and `--no-grid` leave the rest out. A runtime that is not to
 * be had ends the run: no other is timed in its name.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as v from "valibot";
import type { Condition } from "../../src/shared/condition/condition.ts";
import type { RuntimeChoice } from "../../src/shared/experiment/runtime.ts";
import { RUNTIME_CHOICES } from "../../src/shared/experiment/runtime.ts";
import { fallbackText } from "../../src/shared/words/runtime.ts";
import { openModel } from "../../src/engine/open.ts";
import type { Meter } from "../../src/engine/pass/control.ts";
import { uncancelled } from "../../src/engine/pass/control.ts";
import { arithmetic } from "./arithmetic.ts";
import { writeFp32Gguf } from "./fp32-gguf.ts";
import { productRate } from "./product-rate.ts";
import type { Demo, KeptRuns } from "./work.ts";
import { demoOf, grid, gridRuns, sweep, unpatchedRuns, wholePasses } from "./work.ts";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const packed = path.join(root, "models/SmolLM2-135M-Instruct.Q4_1.gguf");
const { values: options } = parseArgs({
  options: {
    json: { type: "string" },
    q4: { type: "boolean", default: false },
    runs: { type: "string", default: "5" },
    threads: { type: "string", default: "2" },
    model: { type: "string" },
    runtime: { type: "string", default: "native" },
    "sweep-only": { type: "boolean", default: false },
    "no-grid": { type: "boolean", default: false },
  },
});
const runs = Number(options.runs);
const threads = Number(options.threads);

/** Seconds of several runs. */
interface Timed {
  readonly min: number;
  readonly seconds: number;
  readonly max: number;
}

/** One kind of work: its times (`seconds` is the median), and how they stand to whole passes and to the bound. */
interface Work extends Timed {
  readonly oracleRatio?: number;
  readonly boundRatio?: number;
  readonly blockTokens?: number;
  /** Most likely token for each k; of the grid for each k and position. */
  readonly argmax?: readonly number[] | readonly (readonly number[])[];
}

function timed(values: readonly number[]): Timed {
  const sorted = [...values].sort((a, b) => a - b);
  return { min: sorted[0]!, seconds: sorted[Math.floor(sorted.length / 2)]!, max: sorted.at(-1)! };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

async function measure(demo: Demo): Promise<Record<string, Work>> {
  const { decoder } = demo.model;
  const { blocks } = decoder.info;
  const kept: KeptRuns = await unpatchedRuns(demo, uncancelled());
  const conditions: Record<string, Condition> = {
    sweep: demo.swap,
    ...(!options["sweep-only"] && {
      freeze: { kind: "freeze", positions: demo.allButLast },
      skipAttention: { kind: "skip-attention" },
    }),
  };
  const rate = await productRate(threads);
  const times: Record<string, number[]> = {};
  const note = (name: string, value: number): void => {
    (times[name] ??= []).push(value);
  };
  const work: Record<string, Meter> = {};
  const rows: Record<string, readonly number[]> = {};
  let columns: readonly (readonly number[])[] = [];
  for (let i = 0; i < runs; i++) {
    for (const [name, condition] of Object.entries(conditions)) {
      let answers: readonly number[] = [];
      note(
        name,
        await seconds(async () => {
          const done = await sweep(demo, condition, name === "sweep" ? null : kept);
          answers = done.argmax;
          work[name] = done.meter;
        }),
      );
      let oracle: readonly number[] = [];
      note(
        `${name} as whole passes`,
        await seconds(async () => (oracle = await wholePasses(demo, condition, kept))),
      );
      rows[name] = answers;
      if (String(oracle) !== String(answers))
        throw new Error(`${name}: the staircase differs from whole passes`);
    }
    note("second sweep", await seconds(() => sweep(demo, demo.swap, kept)));
  }
  if (!options["no-grid"] && !options["sweep-only"]) {
    const runsOfGrid = await gridRuns(demo, kept);
    note(
      "grid",
      await seconds(async () => {
        const done = await grid(demo, runsOfGrid);
        work.grid = done.meter;
        columns = done.argmax;
      }),
    );
  }
  const bound = (name: string, headRows: number): number =>
    arithmetic({ ...work[name]!, headRows }, demo.target.length) / rate;
  const result: Record<string, Work> = {};
  for (const name of Object.keys(conditions)) {
    const own = timed(times[name]!);
    result[name] = {
      ...own,
      oracleRatio: timed(times[`${name} as whole passes`]!).seconds / own.seconds,
      boundRatio: own.seconds / bound(name, blocks + 2),
      blockTokens: work[name]!.blockTokens,
      argmax: rows[name]!,
    };
  }
  const second = timed(times["second sweep"]!);
  result.secondSweep = { ...second, oracleRatio: result.sweep!.seconds / second.seconds };
  if (times.grid) {
    const own = timed(times.grid);
    const pass = timed(times["sweep as whole passes"]!).seconds / blocks;
    result.grid = {
      ...own,
      // As many whole passes as it has cells; running them all would take minutes.
      oracleRatio: (pass * blocks * demo.target.length) / own.seconds,
      boundRatio: own.seconds / bound("grid", demo.target.length * (blocks + 1)),
      blockTokens: work.grid!.blockTokens,
      argmax: Array.from({ length: blocks }, (_, k) => columns.map((column) => column[k]!)),
    };
  }
  return result;
}

/** Measures on one runtime, and says it. */
async function measureOn(file: string, runtime: RuntimeChoice): Promise<Record<string, Work>> {
  const startedAt = performance.now();
  const model = await openModel({ path: file, file: null, threads, runtime });
  const open = timed([(performance.now() - startedAt) / 1000]);
  const fallback = fallbackText(model.runtime);
  if (fallback !== null) throw new Error(fallback);
  const result: Record<string, Work> = { open, ...(await measure(demoOf(model))) };
  const { parity } = model.runtime;
  process.stdout.write(
    `${path.basename(model.file)}, ${model.decoder.info.numeric}, ${runtime}${parity === null ? "" : ` (parity ${parity.toExponential(1)})`}, ${threads} threads, ${runs} runs: seconds, median (min to max)\n`,
  );
  for (const [name, { min, seconds: median, max, oracleRatio, boundRatio }] of Object.entries(result)) {
    const ratio =
      oracleRatio === undefined
        ? ""
        : `  ${oracleRatio.toFixed(1)} x faster than ${name === "secondSweep" ? "the first" : "whole passes"}`;
    const bound = boundRatio === undefined ? "" : `  ${boundRatio.toFixed(2)} x the CPU's bound`;
    process.stdout.write(
      `${name.padEnd(14)} ${median.toFixed(3)} (${min.toFixed(3)} to ${max.toFixed(3)})${ratio}${bound}\n`,
    );
  }
  await model.decoder.close();
  return result;
}

const source = options.model ?? packed;
if (!fs.existsSync(source)) {
  process.stderr.write(`There is no model at ${source}. Run: npm run model:smollm2\n`);
  process.exit(1);
}
const fp32 = packed.replace("Q4_1", "F32");
const asFp32 = !options.q4 && options.model === undefined;
if (asFp32) writeFp32Gguf(packed, fp32);
const asked = v.parse(v.array(v.picklist(RUNTIME_CHOICES)), options.runtime.split(","));
const results: Record<string, Record<string, Work>> = {};
for (const runtime of asked) results[runtime] = await measureOn(asFp32 ? fp32 : source, runtime);
const written = asked.length === 1 ? results[asked[0]!] : results;
if (options.json !== undefined) fs.writeFileSync(options.json, `${JSON.stringify(written, null, 2)}\n`);
