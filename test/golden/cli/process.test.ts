/** The command line as a process: signals, a dying engine, closed pipes, terminals, files, help. */
import type { ChildProcess } from "node:child_process";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../../src/cli/options/args.ts";
import type { ErrorData } from "../../../src/shared/errors.ts";
import {
  buildOnce,
  cliPath,
  environmentWith,
  fixture,
  runCli,
  smollm2,
  temporaryFolder,
  terminalCommand,
} from "../../support/cli/cli-support.ts";

const folder = temporaryFolder();
const gguf = fixture("gguf_llama__F32") ?? fixture("gguf_llama__F16");
if (gguf === null) console.warn("SKIPPED: no GGUF fixture is on this machine.");
const model = gguf === null ? "" : path.join(gguf, "model.gguf");
const sweep = [
  ...["sweep", "--model", model, "--target", "The capital of France is"],
  ...["--source", "The capital of Italy is", "--swap", "France", "--with", "Italy"],
];

beforeAll(buildOnce);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A sweep of many thousand rows, which runs for longer than any test needs. */
function longSweep(): string[] {
  const file = path.join(folder, "many.json");
  const vectors = [Array.from({ length: 64 }, () => 0.5)];
  const entry = JSON.stringify({ k: 0, positions: [0], vectors });
  if (!fs.existsSync(file))
    fs.writeFileSync(file, `[${Array.from({ length: 20_000 }, () => entry).join(",")}]`);
  const ids = Array.from({ length: 120 }, () => 98).join(",");
  return [
    ...["sweep", "--model", model, "--target-ids", ids, "--condition", "vectors", "--vectors", file],
    ...["--threads", "1", "--top", "1", "--verbose"],
  ];
}

interface Running {
  readonly child: ChildProcess;
  readonly enginePid: number;
}

/** Calls back while the sweep runs, and waits for the process to end. */
async function whileSweeping(act: (running: Running) => void): ReturnType<typeof runCli> {
  let acted: Promise<void> = Promise.resolve();
  const run = await runCli([...longSweep(), "--json"], {
    detached: true,
    onStart: (child) => {
      let text = "";
      child.stderr!.on("data", (data: string) => (text += data));
      acted = (async () => {
        await until(() => text.includes("engine: opened "), "the model opened");
        // Past tokenising and the unpatched run.
        await new Promise((resolve) => setTimeout(resolve, 700));
        expect(child.exitCode).toBeNull();
        act({ child, enginePid: Number(/engine: pid (\d+)/.exec(text)![1]) });
      })();
    },
  });
  await acted;
  return run;
}

describe.skipIf(gguf === null)("a sweep that is cut short", () => {
  test("kill -9 of the engine: a clear error, exit code 1", async () => {
    const run = await whileSweeping(({ enginePid }) => process.kill(enginePid, "SIGKILL"));
    expect(run.code).toBe(1);
    const { error } = JSON.parse(run.stdout) as { error: ErrorData };
    expect(error.code).toBe("engine-crashed");
    expect(error.message).toMatch(/engine process ended unexpectedly \(signal SIGKILL\)/);
    expect(run.stderr).toContain(`error: ${error.message}`);
    expect(run.stderr).not.toMatch(/at .*\.mjs:\d+/);
  });

  test.each([
    ["SIGINT", 130, "to the command line alone"],
    ["SIGINT", 130, "to the engine too, as a terminal sends it"],
    ["SIGTERM", 143, "to the command line alone"],
  ] as const)("%s, exit code %i, %s: the engine is gone, no error", async (signal, code, whom) => {
    let enginePid = 0;
    const run = await whileSweeping((running) => {
      ({ enginePid } = running);
      const { pid } = running.child;
      process.kill(whom.startsWith("to the engine") ? -pid! : pid!, signal);
    });
    expect(run.code).toBe(code);
    expect(run.stdout).toBe("");
    expect(run.stderr).not.toContain("error:");
    expect(isAlive(enginePid)).toBe(false);
  });

  test("kill -9 of the command line leaves no engine behind", async () => {
    let enginePid = 0;
    const run = await whileSweeping((running) => {
      ({ enginePid } = running);
      running.child.kill("SIGKILL");
    });
    expect(run.code).toBeNull();
    await until(() => !isAlive(enginePid), "the engine ended");
  });
});

describe.skipIf(gguf === null)("streams", () => {
  test("a reader that closes the pipe ends the run quietly", () => {
    const file = path.join(folder, "long.txt");
    fs.writeFileSync(file, "The capital of France is ".repeat(5000).trimEnd());
    const command = `'${process.execPath}' '${cliPath()}' tokens --model '${model}' --target-file '${file}' | head -n 2; echo "\${PIPESTATUS[0]}"`;
    const run = spawnSync("bash", ["-c", command], { encoding: "utf8" });
    expect(run.stdout.trim().split("\n").at(-1)).toBe("0");
    expect(run.stderr).toBe("");
  });

  test("piped output has no colours and no progress, and says the same as the coloured one", async () => {
    const piped = await runCli(sweep);
    const forced = await runCli(sweep, { env: { FORCE_COLOR: "1" } });
    const none = await runCli(sweep, { env: { FORCE_COLOR: "1", NO_COLOR: "1" } });
    expect(piped.code).toBe(0);
    expect(piped.stdout + piped.stderr).not.toContain("\u001B");
    expect(forced.stdout).toContain("\u001B[");
    expect(forced.stdout.replaceAll(/\u001B\[[\d;]*m/g, "")).toBe(piped.stdout);
    expect(none.stdout).toBe(piped.stdout);
  });

  test("the table has a line for each k, both answers, and a sentence at its end", async () => {
    const { stdout } = await runCli(sweep);
    const rows = stdout.split("\n").filter((line) => /^ ?\d+ {2}[◆★▪] {2}/u.test(line));
    expect(rows.map((line) => Number(line.slice(0, 2)))).toEqual([0, 1, 2, 3]);
    expect(stdout).toMatch(/state of '␣Italy' @3 → '␣France' @3, before layer k/);
    expect(stdout).toMatch(/log p\(/);
    expect(stdout.trim().split("\n").at(-1)).toMatch(/(flips at k = \d of 4|no flip|never changes).*\.$/);
  });

  test("a terminal gets colours, and none with NO_COLOR", () => {
    const command = terminalCommand(sweep);
    if (!command) {
      console.warn("SKIPPED: script(1) is not on this machine.");
      return;
    }
    const runIn = (extra: Record<string, string>): string => {
      const env = environmentWith({ TERM: "xterm-256color", ...extra });
      return execFileSync(command[0]!, command.slice(1), {
        env,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
    };
    const coloured = runIn({});
    expect(coloured).toContain("\u001B[");
    expect(coloured).toMatch(/(flips at|no flip|never changes)/);
    expect(runIn({ NO_COLOR: "1" }).replaceAll("\u001B[2K", "")).not.toContain("\u001B[");
  });

  test("the engine's log is hidden unless asked for", async () => {
    expect((await runCli(sweep)).stderr).toBe("");
    expect((await runCli([...sweep, "--verbose"])).stderr).toMatch(/engine: pid \d+/);
    expect((await runCli(sweep, { env: { STATE_SWAP_LOG: "1" } })).stderr).toMatch(/engine: pid \d+/);
  });

  test("a prompt comes from stdin, and a line break at its end is kept and told", async () => {
    const args = ["tokens", "--model", model, "--target-file", "-", "--json"];
    const run = await runCli(args, { stdin: "The capital\n" });
    expect(run.stderr).toMatch(/ends with a line break, which is part of the target prompt/);
    const { ids, tokens } = JSON.parse(run.stdout) as {
      ids: number[];
      tokens: { text: string; end: number }[];
    };
    expect(tokens.map((token) => token.text).join("")).toBe("The capital\n");
    expect(tokens.at(-1)!.end).toBe("The capital\n".length);
    expect(ids).toHaveLength(tokens.length);
    const without = await runCli(args, { stdin: "The capital" });
    expect(without.stderr).toBe("");
  });
});

describe("help and usage", () => {
  test.each(COMMANDS)("%s --help: examples on stdout, exit code 0", async (command) => {
    const run = await runCli([command, "--help"]);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(new RegExp(`^state-swap ${command}: `));
    expect(run.stdout).toContain("Examples\n  state-swap");
    expect(run.stderr).toBe("");
  });

  test("without arguments: help, exit code 2; --help: exit code 0; --version", async () => {
    expect(await runCli([])).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("Commands") as string,
    });
    expect(await runCli(["--help"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Commands") as string,
    });
    expect(await runCli(["--version"])).toMatchObject({ code: 0, stdout: "0.1.0\n" });
  });

  test("wrong usage: exit code 2, one sentence, where to read on, the same as JSON", async () => {
    const run = await runCli(["sweep", "--target", "x", "--condition", "noise", "--json"]);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/^error: There is no condition "noise"\.\n.*state-swap sweep --help/);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: "usage" } });
  });
});

describe("demo", () => {
  const there = smollm2();
  if (!there) console.warn("SKIPPED: SmolLM2 is not on this machine (npm run model:smollm2).");

  test.skipIf(!there)("prints the sweep that it is, which gives the same rows when pasted", async () => {
    const demo = await runCli(["demo", "--model", there!.model]);
    expect(demo.code).toBe(0);
    expect(demo.stdout.trim().split("\n").at(-1)).toMatch(
      /^Rome for k 0–23, Paris for k 24–29: flips at k = 24 of 30/,
    );
    const [first] = demo.stdout.split("\n");
    const pasted = first!.replace(/^\$ state-swap/, `'${process.execPath}' '${cliPath()}'`);
    const run = spawnSync("bash", ["-c", pasted], { encoding: "utf8" });
    expect(demo.stdout.endsWith(run.stdout)).toBe(true);
  });

  test("runs on the embedded model, says what that model is, and shows a flip", async () => {
    const demo = await runCli(["demo"]);
    expect(demo.stderr).toBe("");
    expect(demo.code).toBe(0);
    expect(demo.stdout).toMatch(/^\$ state-swap sweep --target .*\nThe embedded model is a demonstration/);
    expect(demo.stdout.trim().split("\n").at(-1)).toMatch(
      /^Rome for k 0.*Paris for k .*: flips at k = \d+ of \d+/,
    );
    const json = await runCli(["demo", "--json"]);
    expect(json.stderr).toContain("is a demonstration");
    expect(JSON.parse(json.stdout)).toMatchObject({ schema: "state-swap/sweep@1" });
  });
});
