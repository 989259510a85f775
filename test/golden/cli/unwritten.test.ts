/** Output that could not be written is never success: what the command line says, and what it leaves, where nothing can be written. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { CliRun } from "../../support/cli/cli-support.ts";
import {
  buildOnce,
  cliPath,
  environmentWith,
  runCli,
  temporaryFolder,
} from "../../support/cli/cli-support.ts";

const folder = temporaryFolder();
const sweep = ["--target", "France", "--swap", "@-1", "--source", "Italy", "--with", "@-1"];

const GRID = "--target a --source b --with @-1";

beforeAll(buildOnce);

/** Runs a shell's line; `$CLI` is the command line, `$FOLDER` a folder to write to. */
function shell(line: string, env: Readonly<Record<string, string>> = {}): CliRun {
  const CLI = `'${process.execPath}' '${cliPath()}'`;
  const run = spawnSync("bash", ["-c", line.replaceAll("$CLI", CLI)], {
    encoding: "utf8",
    env: environmentWith({ FOLDER: folder, SWEEP: sweep.join(" "), GRID, ...env }),
    timeout: 60_000,
  });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** One sentence and what to do, no trace, no word of a defect. */
function expectWords({ code, stderr }: CliRun, words: RegExp, exitCode = 1): void {
  expect(stderr).toMatch(/^error: [^\n]+\n {7}[^\n]+\n$/);
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/defect|\.mjs:\d+/);
  expect(code).toBe(exitCode);
}

describe.skipIf(process.platform !== "linux")("standard output that takes nothing", () => {
  test.each(["sweep $SWEEP", "sweep $SWEEP --json", "sweep $SWEEP --csv", "grid $GRID", "tokens --target x"])(
    "%s on a full device",
    (command) => {
      expectWords(shell(`$CLI ${command} > /dev/full`), /Cannot write to standard output: ENOSPC/);
    },
  );

  test("help and version are no exceptions", () => {
    expectWords(shell("$CLI --help > /dev/full"), /ENOSPC/);
    expectWords(shell("$CLI --version > /dev/full"), /ENOSPC/);
  });

  test("a file that takes the beginning only", () => {
    const run = shell(`ulimit -f 1; $CLI sweep $SWEEP --json > "$FOLDER/part.json"`);
    expectWords(run, /Cannot write to standard output: EFBIG/);
    // The case is met: a part was written.
    expect(fs.statSync(path.join(folder, "part.json")).size).toBe(1024);
  });

  test("messages that nobody can read lose no result", () => {
    expect(shell("$CLI sweep $SWEEP --json 2> /dev/full")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("state-swap/sweep@1") as string,
    });
  });
});

describe.skipIf(process.platform !== "linux")("a file that cannot be written", () => {
  const old = path.join(folder, "old.json");

  test.each([
    ["-o with a file-size limit", `ulimit -f 1; $CLI sweep $SWEEP -o "$FOLDER/old.json"`, /EFBIG/],
    ["states with a file-size limit", `ulimit -f 1; $CLI states --target x -o "$FOLDER/old.json"`, /EFBIG/],
    ["-o on a full device", "$CLI sweep $SWEEP -o /dev/full", /ENOSPC/],
    ["-o below a file", `$CLI sweep $SWEEP -o "$FOLDER/old.json/x.json"`, /is no folder/],
    [
      "-o through a link to itself",
      `ln -sf loop "$FOLDER/loop"; $CLI sweep $SWEEP -o "$FOLDER/loop"`,
      /ELOOP/,
    ],
    ["-o into a system's folder", "$CLI sweep $SWEEP -o /proc/x.json", /Cannot write \/proc\/x\.json/],
    [
      "a relative -o in a folder that is gone",
      `mkdir "$FOLDER/gone"; cd "$FOLDER/gone"; rmdir "$FOLDER/gone"; $CLI sweep $SWEEP -o r.json`,
      /working folder does not exist any more/,
    ],
  ])("%s", (_, line, words) => {
    fs.writeFileSync(old, "old");
    expectWords(shell(line), words);
    expect(fs.readFileSync(old, "utf8")).toBe("old");
    expect(fs.readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("an empty name is wrong use", () => {
    expectWords(shell("$CLI sweep $SWEEP -o ''"), /-o is empty/, 2);
    expectWords(shell("$CLI states --target x -o ''"), /-o is empty/, 2);
  });

  test("a name as long as the system allows is written", async () => {
    const file = path.join(folder, `${"x".repeat(250)}.json`);
    expect((await runCli(["sweep", ...sweep, "-o", file])).code).toBe(0);
    expect(fs.existsSync(file)).toBe(true);
  });
});

describe.skipIf(process.platform !== "linux")("odd places", () => {
  test.each([
    ["no home", "unset HOME; $CLI demo"],
    ["an empty environment", "env -i $CLI demo"],
    ["a language without umlauts", "LANG=C LC_ALL=C $CLI demo"],
    // There, Node's own way to make folders never comes back.
    ["a cache that cannot be made", "HOME=/nonexistent XDG_CACHE_HOME=/proc/nope $CLI demo --json"],
    ["no folder for temporary files", "TMPDIR=/proc/nope $CLI demo"],
    [
      "a working folder that is gone",
      `mkdir "$FOLDER/left"; cd "$FOLDER/left"; rmdir "$FOLDER/left"; $CLI demo`,
    ],
    ["few files at once", "ulimit -n 40; $CLI demo"],
  ])("%s: no effect", (_, line) => {
    expect(shell(line)).toMatchObject({ code: 0, stdout: expect.stringMatching(/flip/) as string });
  });

  test("a relative model in a folder that is gone", () => {
    const line = `mkdir "$FOLDER/here"; cd "$FOLDER/here"; rmdir "$FOLDER/here"; $CLI inspect --model x.gguf`;
    expectWords(shell(line), /working folder does not exist any more/);
  });

  test("more threads than any machine has", () => {
    expectWords(shell("$CLI demo --threads 100000"), /from 1 to 256, not "100000"/, 2);
  });

  test("too few files for an engine", () => {
    expectWords(shell("ulimit -n 20; $CLI inspect"), /engine could not be started/);
  });
});
