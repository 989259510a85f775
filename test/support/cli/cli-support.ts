/** Runs the built command line as users do: the bundles as a process of their own. */
import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll } from "vitest";

const repository = path.resolve(import.meta.dirname, "../../..");

/** The bundle under test; STATE_SWAP_CLI names one that is built already. */
const cli = process.env.STATE_SWAP_CLI ?? path.join(repository, "dist/cli.mjs");

const LOCK = path.join(repository, "dist/.cli-test-build");
const STALE_LOCK_MS = 60_000;

/** Builds the bundles unless they are newer than every source; test files that start together wait for the first. */
export async function buildOnce(): Promise<void> {
  if (process.env.STATE_SWAP_CLI !== undefined) return;
  fs.mkdirSync(path.dirname(LOCK), { recursive: true });
  for (;;) {
    try {
      fs.mkdirSync(LOCK);
      break;
    } catch {
      const age = Date.now() - (fs.statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > STALE_LOCK_MS) fs.rmSync(LOCK, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  try {
    if (!isBuilt())
      execFileSync(process.execPath, ["esbuild.mjs", "--quiet"], { cwd: repository, stdio: "pipe" });
  } finally {
    fs.rmSync(LOCK, { recursive: true, force: true });
  }
}

function isBuilt(): boolean {
  const bundles = ["dist/cli.mjs", "dist/engine.mjs"].map((name) => path.join(repository, name));
  if (!bundles.every((bundle) => fs.existsSync(bundle))) return false;
  const oldest = Math.min(...bundles.map((bundle) => fs.statSync(bundle).mtimeMs));
  const sources = fs
    .readdirSync(path.join(repository, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const builders = ["esbuild.mjs", "tools/bundle-runtimes.mjs"].map((name) => path.join(repository, name));
  return [...sources, ...builders].every((file) => fs.statSync(file).mtimeMs < oldest);
}

/** What a finished run left. */
export interface CliRun {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a run differs from an ordinary one. */
export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Leads a process group of its own, as a command that a shell starts in a terminal. */
  readonly detached?: boolean;
  /** Called once the process runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** This process's environment without its say on colours, which the runner sets for itself. */
export function environmentWith(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env.NO_COLOR;
  delete env.FORCE_COLOR;
  return { ...env, ...extra };
}

/** Runs the command line to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const env = environmentWith(options.env ?? {});
  const child = spawn(process.execPath, [cli, ...args], {
    env,
    stdio: ["pipe", "pipe", "pipe"],
    detached: options.detached ?? false,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (data: string) => (stdout += data));
  child.stderr.setEncoding("utf8").on("data", (data: string) => (stderr += data));
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.stdin ?? "");
  options.onStart?.(child);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, stdout, stderr };
}

/** The command line inside a terminal of its own, by `script`; null where that program is missing. */
export function terminalCommand(args: readonly string[]): string[] | null {
  try {
    execFileSync("script", ["--version"], { stdio: "pipe" });
  } catch {
    return null;
  }
  const words = [process.execPath, cli, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  return ["script", "-qec", words.join(" "), "/dev/null"];
}

/** Path of the bundle under test. */
export function cliPath(): string {
  return cli;
}

/** A fixture's folder: from the whole set where it exists, else from the subset in the repository; null without either. */
export function fixture(name: string): string | null {
  const sets = [
    process.env.STATE_SWAP_FIXTURES ?? path.join(repository, "../shared/fixtures"),
    path.join(repository, "test/fixtures"),
  ];
  const found = sets
    .map((set) => path.join(set, name))
    .find((folder) => fs.existsSync(path.join(folder, "golden.json")));
  return found ?? null;
}

/** The laptop-size model and its goldens; null where one of them is not on this machine. */
export function smollm2(): { readonly model: string; readonly goldens: string } | null {
  const model = path.join(repository, "models/SmolLM2-135M-Instruct.Q4_1.gguf");
  const fixtures = process.env.STATE_SWAP_FIXTURES ?? path.join(repository, "../shared/fixtures");
  const goldens = path.join(fixtures, "../goldens/smollm2-dev.json");
  return fs.existsSync(model) && fs.existsSync(goldens) ? { model, goldens } : null;
}

const temporaryFolders: string[] = [];

/** A fresh folder under the system's temporary one, removed after the test file that imports this. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-cli-"));
  temporaryFolders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of temporaryFolders) fs.rmSync(folder, { recursive: true, force: true });
});
