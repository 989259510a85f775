/**
 * State Swap against its peers: TransformerLens, nnsight, pyvene, plain PyTorch hooks, PyTorch with layers batched. Same
 * fp32 weights, prompt pair and two threads; peers and State Swap take turns, and each must give the same argmax for every
 * k. `npm run bench:peers -- --json FILE` makes a virtual environment for each peer in `.peers/` (Python 3.10 to 3.12, pip,
 * some 15 GB, since pip's PyTorch brings its GPU libraries).
 */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const scripts = path.join(root, "test/bench/peers");
const packed = path.join(root, "models/SmolLM2-135M-Instruct.Q4_1.gguf");
const { values: options } = parseArgs({
  options: {
    json: { type: "string" },
    rounds: { type: "string", default: "3" },
    python: { type: "string", default: "python3" },
    folder: { type: "string", default: path.join(root, ".peers") },
    grid: { type: "boolean", default: false },
  },
});
const folder = path.resolve(options.folder);

/** A peer: its script, its environment, and the works that the script reports. */
const PEERS = [
  { script: "peer_transformer_lens.py", environment: "tl", packages: ["transformer-lens==4.3.0"] },
  { script: "peer_nnsight.py", environment: "nnsight", packages: ["nnsight==0.8.1"] },
  { script: "peer_pyvene.py", environment: "pyvene", packages: ["pyvene==0.1.8"] },
  { script: "peer_torch.py", environment: "tl", packages: ["transformer-lens==4.3.0"] },
] as const;

interface Report {
  readonly peer: string;
  readonly work: "sweep" | "grid";
  readonly seconds: readonly number[];
  readonly argmax: unknown;
}

function pythonOf(environment: string): string {
  return path.join(folder, environment, "bin/python");
}

/** Makes an environment unless it is there. */
function install(environment: string, packages: readonly string[]): void {
  if (fs.existsSync(path.join(folder, environment, "ready"))) return;
  process.stderr.write(`installing ${packages.join(", ")} into ${path.join(folder, environment)} …\n`);
  fs.mkdirSync(folder, { recursive: true });
  execFileSync(options.python, ["-m", "venv", path.join(folder, environment)], { stdio: "inherit" });
  const common = ["torch", "transformers", "gguf", "accelerate", "sentencepiece"];
  execFileSync(pythonOf(environment), ["-m", "pip", "install", "-q", ...common, ...packages], {
    stdio: "inherit",
  });
  fs.writeFileSync(path.join(folder, environment, "ready"), "");
}

/** Runs a peer's script; what it reports, or why it did not. */
function run(script: string, environment: string, model: string, withGrid: boolean): Report[] | string {
  const { status, stdout, stderr } = spawnSync(
    pythonOf(environment),
    [path.join(scripts, script), model, ...(withGrid ? ["--grid"] : [])],
    {
      encoding: "utf8",
      env: { ...process.env, HF_HUB_OFFLINE: "1", OMP_NUM_THREADS: "2" },
      maxBuffer: 1 << 26,
    },
  );
  if (status !== 0) return stderr.trim().split("\n").slice(-3).join(" | ");
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Report);
}

interface OwnWork {
  readonly seconds: number;
  readonly argmax: unknown;
}

interface OwnResult {
  readonly sweep: OwnWork;
  readonly grid?: OwnWork;
  readonly [work: string]: unknown;
}

/** State Swap's own benchmark, once, on the same weights as float32. */
function own(withGrid: boolean): OwnResult {
  const file = path.join(folder, "own.json");
  const args = ["--json", file, "--runs", "3", ...(withGrid ? [] : ["--no-grid"])];
  execFileSync(process.execPath, [path.join(root, "dist/bench-sweeps.mjs"), ...args], { stdio: "pipe" });
  return JSON.parse(fs.readFileSync(file, "utf8")) as OwnResult;
}

/** How many cells differ, of how many. */
function differences(theirs: unknown, ours: unknown): string {
  const [a, b] = [String(theirs).split(","), String(ours).split(",")];
  return `${a.filter((value, i) => value !== b[i]).length} of ${Math.max(a.length, b.length)}`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

if (!fs.existsSync(packed)) {
  process.stderr.write(`There is no model at ${packed}. Run: npm run model:smollm2\n`);
  process.exit(1);
}
for (const { environment, packages } of PEERS) install(environment, packages);
const model = path.join(folder, "model");
if (!fs.existsSync(path.join(model, "config.json"))) {
  execFileSync(pythonOf("tl"), [path.join(scripts, "make_fp32.py"), packed, model], { stdio: "inherit" });
}

const times = new Map<string, number[]>();
const failures = new Map<string, string>();
const swept: number[] = [];
let latest: OwnResult | null = null;
let grid: OwnWork | null = null;
for (let round = 0; round < Number(options.rounds); round++) {
  const withGrid = options.grid && round === 0;
  latest = own(withGrid);
  grid ??= latest.grid ?? null;
  swept.push(latest.sweep.seconds);
  for (const { script, environment } of PEERS) {
    const reports = run(script, environment, model, withGrid);
    if (typeof reports === "string") {
      failures.set(script, reports);
      continue;
    }
    for (const { peer, work, seconds, argmax } of reports) {
      const name = work === "grid" ? `${peer} grid` : peer;
      const expected = work === "grid" ? grid : latest.sweep;
      if (String(argmax) !== String(expected?.argmax))
        failures.set(name, `its argmax differs from State Swap's: ${differences(argmax, expected?.argmax)}`);
      times.set(name, [...(times.get(name) ?? []), ...seconds]);
    }
    latest = own(false);
    swept.push(latest.sweep.seconds);
  }
}
const mine = median(swept);
const peers = Object.fromEntries(
  [...times].map(([name, values]) => {
    const seconds = median(values);
    const own = name.endsWith(" grid") ? grid!.seconds : mine;
    return [name, { seconds, min: Math.min(...values), max: Math.max(...values), ratio: seconds / own }];
  }),
);
process.stdout.write(`State Swap, 30-row sweep, fp32, 2 threads: ${mine.toFixed(3)} s (median)\n`);
for (const [name, { seconds, ratio }] of Object.entries(peers)) {
  process.stdout.write(`${name.padEnd(22)} ${seconds.toFixed(2)} s  ${ratio.toFixed(1)} x\n`);
}
for (const [name, reason] of failures) process.stdout.write(`${name}: FAILED: ${reason}\n`);
if (options.json !== undefined) {
  fs.writeFileSync(
    options.json,
    `${JSON.stringify({ ...latest, ...(grid ? { grid } : {}), peers, failures: Object.fromEntries(failures) }, null, 2)}\n`,
  );
}
