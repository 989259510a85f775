/**
 * Synthetic decoders of any size, in memory and with their blocks read as they run: opening, first row, whole sweep of the demo
 * pair, and the most memory that the engine held. Each measure has a fresh engine. `npm run bench:any-size -- 1B 7B`
 * (`--memory 2GB`, `--runs`, `--folder`); a file of up to 17 GB is written into the folder once.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bytes } from "../../src/cli/options/values.ts";
import { EngineClient } from "../../src/engine/client/engine-client.ts";
import { demoSwap } from "./demo-swap.ts";
import { SYNTHETIC, writeSyntheticGguf } from "./synthetic-gguf.ts";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    memory: { type: "string", default: "2GB" },
    runs: { type: "string", default: "3" },
    folder: { type: "string", default: path.join(os.tmpdir(), "state-swap-synthetic") },
    /** Only with blocks on demand. */
    "on-demand": { type: "boolean", default: false },
  },
});
const limit = bytes(options.memory, { option: "memory", command: "sweep", condition: "swap" });

interface Figures {
  readonly openedMs: number;
  readonly firstRowMs: number;
  /** From the request on. */
  readonly sweepMs: number;
  readonly peakBytes: number;
  readonly plan: string;
}

async function measure(model: string, memory: number | null): Promise<Figures> {
  const startedAt = performance.now();
  const client = await EngineClient.start({
    script: path.join(root, "dist/engine.mjs"),
    execPath: process.execPath,
    onLog: () => undefined,
  });
  try {
    const limited = memory === null ? {} : { memory };
    const { blocks } = await client.request("open", {
      path: model,
      file: null,
      threads: 2,
      runtime: "native",
      budget: 0,
      ...limited,
    });
    const openedMs = performance.now() - startedAt;
    const swap = await demoSwap(client, blocks);
    const { reads } = await client.request("plan", { sweep: swap, grid: null });
    let firstRowMs = 0;
    const sweepAt = performance.now();
    await client.request("sweep", swap, {
      onProgress: ({ kind }) => {
        if (kind === "row" && firstRowMs === 0) firstRowMs = performance.now() - startedAt;
      },
    });
    const sweepMs = performance.now() - sweepAt;
    const plan = reads ? `${reads.climbs} climb, ${(reads.bytes / 1e9).toFixed(2)} GB read` : "all in memory";
    return { openedMs, firstRowMs, sweepMs, peakBytes: peakOf(client.pid!), plan };
  } finally {
    await client.stop();
  }
}

/** The most that a process has held (Linux). */
function peakOf(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

function median(values: readonly number[], unit: number): string {
  const sorted = [...values].sort((a, b) => a - b).map((value) => (value / unit).toFixed(2));
  return `${sorted[Math.floor(sorted.length / 2)]!} (${sorted[0]!}–${sorted.at(-1)!})`;
}

fs.mkdirSync(options.folder, { recursive: true });
const tokenizer = path.join(root, "models/SmolLM2-135M-Instruct.Q4_1.gguf");
console.log(
  "| model | file, GB | memory | opened, s | first row, s | sweep, s | peak, GB | sweep's plan | load |",
);
console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
for (const name of positionals.length > 0 ? positionals : ["1B", "7B"]) {
  const shape = SYNTHETIC[name];
  if (!shape) throw new Error(`no model ${name}: ${Object.keys(SYNTHETIC).join(", ")}`);
  const model = path.join(options.folder, `${name}.gguf`);
  writeSyntheticGguf(tokenizer, model, shape);
  for (const memory of options["on-demand"] ? [limit] : [null, limit]) {
    const all: Figures[] = [];
    for (let run = 0; run < Number(options.runs); run++) all.push(await measure(model, memory));
    const of = (key: Exclude<keyof Figures, "plan">, unit: number): string =>
      median(
        all.map((figures) => figures[key]),
        unit,
      );
    const cells = [
      `${name} ${shape.type}`,
      (fs.statSync(model).size / 1e9).toFixed(2),
      memory === null ? "all" : options.memory,
      of("openedMs", 1e3),
      of("firstRowMs", 1e3),
      of("sweepMs", 1e3),
      of("peakBytes", 1e9),
      all[0]!.plan,
      os.loadavg()[0]!.toFixed(1),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
