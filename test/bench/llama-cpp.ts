/**
 * Block-tokens a second of a 4-bit file: the engine's unpatched pass against llama.cpp's prompt processing, on the same file,
 * ids and threads, in turns. `npm run bench:llama` installs `node-llama-cpp` with its prebuilt library into a temporary
 * folder (or `--folder`); `--tokens`, `--runs`, `--threads`, `--model`. Needs `npm run model:smollm2`.
 */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { openModel } from "../../src/engine/open.ts";
import { argmax } from "../../src/engine/matrix.ts";
import { lastLogits, runUnpatched } from "../../src/engine/pass/unpatched-run.ts";
import { uncancelled } from "../../src/engine/pass/control.ts";

const PACKAGE = "node-llama-cpp@3.22.1";
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const { values: options } = parseArgs({
  options: {
    model: { type: "string", default: path.join(root, "models/SmolLM2-135M-Instruct.Q4_1.gguf") },
    folder: { type: "string", default: path.join(os.tmpdir(), "state-swap-llama-cpp") },
    tokens: { type: "string", default: "512" },
    runs: { type: "string", default: "5" },
    threads: { type: "string", default: "2" },
    json: { type: "string" },
  },
});
const threads = Number(options.threads);
const tokens = Number(options.tokens);

/** The little of the package that is used; its own types come with it. */
interface LlamaSequence {
  clearHistory(): Promise<void>;
  controlledEvaluate(
    input: readonly unknown[],
  ): Promise<readonly ({ next: { token?: number | null } } | undefined)[]>;
}
interface LlamaModel {
  createContext(settings: object): Promise<{ getSequence(): LlamaSequence }>;
}
interface LlamaPackage {
  getLlama(settings: object): Promise<{ loadModel(settings: object): Promise<LlamaModel> }>;
}

async function llamaSequence(): Promise<LlamaSequence> {
  const folder = path.resolve(options.folder);
  const entry = path.join(folder, "node_modules/node-llama-cpp/dist/index.js");
  if (!fs.existsSync(entry)) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "package.json"), '{"private": true}\n');
    execFileSync("npm", ["install", "--no-audit", "--no-fund", PACKAGE], { cwd: folder, stdio: "inherit" });
  }
  const library = (await import(pathToFileURL(entry).href)) as LlamaPackage;
  const llama = await library.getLlama({ gpu: false, build: "never", logLevel: "error" });
  const model = await llama.loadModel({ modelPath: options.model });
  const settings = { contextSize: tokens + 8, batchSize: tokens, threads: { ideal: threads, min: threads } };
  return (await model.createContext(settings)).getSequence();
}

/** Seconds on the clock and of all processors together. */
interface Spent {
  readonly wall: number;
  readonly cpu: number;
}

async function spent(work: () => Promise<void>): Promise<Spent> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - startedAt) / 1000, cpu: (user + system) / 1e6 };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const { decoder } = await openModel({ path: options.model, file: null, threads, runtime: "native" });
const { blocks, vocab, numeric } = decoder.info;
const ids = Array.from({ length: tokens }, (_, i) => 100 + ((i * 37) % Math.floor(vocab * 0.8)));
const sequence = await llamaSequence();
let own = -1;
let theirs = -1;
const engine = async (): Promise<void> => {
  own = argmax(await lastLogits(decoder, await runUnpatched(decoder, ids, uncancelled())));
};
const llama = async (): Promise<void> => {
  await sequence.clearHistory();
  const last = [ids.at(-1), { generateNext: { token: true } }];
  const outputs = await sequence.controlledEvaluate([...ids.slice(0, -1), last]);
  theirs = outputs.at(-1)?.next.token ?? -1;
};
await engine();
await llama();
const turns: { readonly engine: Spent; readonly llama: Spent }[] = [];
for (let i = 0; i < Number(options.runs); i++) {
  turns.push({ engine: await spent(engine), llama: await spent(llama) });
}
await decoder.close();

const rate = (tool: "engine" | "llama", of: keyof Spent): number =>
  (tokens * blocks) / median(turns.map((turn) => turn[tool][of]));
const ratio = (of: keyof Spent): number => median(turns.map(({ engine: e, llama: l }) => l[of] / e[of]));
const report = {
  model: path.basename(options.model),
  numeric,
  tokens,
  threads,
  engine: { blockTokensPerSecond: rate("engine", "wall"), perProcessorSecond: rate("engine", "cpu") },
  llamaCpp: { blockTokensPerSecond: rate("llama", "wall"), perProcessorSecond: rate("llama", "cpu") },
  /** The engine's rate over llama.cpp's, turn by turn: the median. */
  ratio: { wall: ratio("wall"), processor: ratio("cpu") },
  argmax: { engine: own, llamaCpp: theirs },
  turns,
};
process.stdout.write(
  `${report.model} (${numeric}), ${tokens} tokens, ${threads} threads, ${turns.length} turns: block-tokens a second\n` +
    `engine     ${rate("engine", "wall").toFixed(0)} (${rate("engine", "cpu").toFixed(0)} a processor second)\n` +
    `llama.cpp  ${rate("llama", "wall").toFixed(0)} (${rate("llama", "cpu").toFixed(0)} a processor second)\n` +
    `ratio      ${ratio("wall").toFixed(2)} (processor time ${ratio("cpu").toFixed(2)}); most likely token ${own} and ${theirs}\n`,
);
if (options.json !== undefined) fs.writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
// The package keeps its threads.
process.exit(0);
