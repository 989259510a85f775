/**
 * How long SmolLM2 takes from process start to the baseline and to the end of the first sweep, what the staircase saves
 * against whole passes, and how much memory the engine holds. Medians over several fresh engines; run it on a quiet machine:
 * `npm run bench` (needs `npm run model:smollm2`).
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { EngineClient } from "../../src/engine/client/engine-client.ts";
import { demoSwap } from "./demo-swap.ts";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const model = process.argv[2] ?? path.join(root, "models/SmolLM2-135M-Instruct.Q4_1.gguf");
const runs = Number(process.argv[3] ?? "5");
const threads = 2;

interface Figures {
  readonly openedMs: number;
  readonly baselineMs: number;
  readonly sweepMs: number;
  readonly secondSweepMs: number;
  readonly wholePassesMs: number;
  readonly openMiB: number;
  readonly sweptMiB: number;
}

async function measure(): Promise<Figures> {
  const startedAt = performance.now();
  const since = (): number => performance.now() - startedAt;
  const client = await EngineClient.start({
    script: path.join(root, "dist/engine.mjs"),
    execPath: process.execPath,
    onLog: () => undefined,
  });
  const { blocks } = await client.request("open", { path: model, file: null, threads, runtime: "auto" });
  const openedMs = since();
  const openMiB = (await client.request("ping", {})).residentBytes / 2 ** 20;
  const swap = await demoSwap(client, blocks);
  let baselineMs = 0;
  await client.request("sweep", swap, {
    onProgress: ({ kind }) => {
      if (kind === "baseline") baselineMs = since();
    },
  });
  const sweepMs = since();
  const sweptMiB = (await client.request("ping", {})).residentBytes / 2 ** 20;

  const again = performance.now();
  await client.request("sweep", swap);
  const secondSweepMs = performance.now() - again;

  // One position edited at a time gives prompts that share nothing with a kept run: a whole pass each.
  const whole = performance.now();
  for (let k = 0; k < blocks; k++) {
    await client.request("states", { ids: swap.target.ids.with(0, 100 + k) });
  }
  const wholePassesMs = performance.now() - whole;
  await client.stop();
  return { openedMs, baselineMs, sweepMs, secondSweepMs, wholePassesMs, openMiB, sweptMiB };
}

function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  return `${median.toFixed(0).padStart(6)}   (${sorted[0]!.toFixed(0)} to ${sorted.at(-1)!.toFixed(0)})`;
}

if (!fs.existsSync(model)) {
  process.stderr.write(`There is no model at ${model}. Run: npm run model:smollm2\n`);
  process.exit(1);
}
const all: Figures[] = [];
for (let i = 0; i < runs; i++) all.push(await measure());
const of = (key: keyof Figures): number[] => all.map((figures) => figures[key]);
const ratio = all.map((figures) => figures.wholePassesMs / figures.secondSweepMs).sort((a, b) => a - b);
process.stdout.write(`${path.basename(model)}, ${threads} threads, ${runs} fresh engines: median (min to max)
process start to opened model, ms      ${spread(of("openedMs"))}
process start to baseline, ms          ${spread(of("baselineMs"))}
process start to end of first sweep, ms${spread(of("sweepMs"))}
second sweep, unpatched run kept, ms       ${spread(of("secondSweepMs"))}
as many whole passes, ms               ${spread(of("wholePassesMs"))}
whole passes / staircase sweep          ${ratio[Math.floor(ratio.length / 2)]!.toFixed(1)} x
resident after opening, MiB            ${spread(of("openMiB"))}
resident after the first sweep, MiB    ${spread(of("sweptMiB"))}
`);
