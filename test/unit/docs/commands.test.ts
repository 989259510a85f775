/** Commands that pages name really run, on the embedded model, and print what the page says. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  buildOnce,
  cliPath,
  environmentWith,
  smollm2,
  temporaryFolder,
} from "../../support/cli/cli-support.ts";
import { codeBlocks, codeSpans, pages, ROOT } from "../../support/pages.ts";

const BLOCKS = 12;
const WIDTH = 128;
const PROMPT = "Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:";

interface Shown {
  readonly page: string;
  readonly command: string;
  /** Lines that the page shows below it. */
  readonly output: readonly string[];
}

/** A command that can be run as it stands: with an option, and nothing left out. */
const isWhole = (command: string): boolean =>
  /^(?:state-swap|node dist\/cli\.mjs) [a-z]+ .*--/s.test(command) && !/[…<]|\bCOMMAND\b/.test(command);

function shownIn({ file, text }: { readonly file: string; readonly text: string }): Shown[] {
  const spans = codeSpans(text).map((command) => ({ command, output: [] as string[] }));
  const blocks = codeBlocks(text).flatMap((lines) => {
    const found: { command: string; output: string[] }[] = [];
    let isOpen = false;
    for (const line of lines) {
      const start = /^(?:\$ )?((?:state-swap|node dist\/cli\.mjs) .*)$/.exec(line);
      const last = found.at(-1);
      if (start) found.push({ command: start[1]!, output: [] });
      else if (isOpen && last) last.command += `\n${line}`;
      else if (last) last.output.push(line);
      isOpen = (start !== null || isOpen) && line.endsWith("\\");
    }
    return found;
  });
  return [...spans, ...blocks]
    .filter(({ command }) => isWhole(command))
    .map(({ command, output }) => ({
      page: file,
      command,
      output: output.filter((line) => !/^…?$/.test(line)),
    }));
}

const shown = pages().flatMap(shownIn);
const folder = temporaryFolder();

beforeAll(async () => {
  await buildOnce();
  fs.writeFileSync(
    path.join(folder, "state-swap"),
    `#!/bin/sh\nexec "${process.execPath}" "${cliPath()}" "$@"\n`,
    {
      mode: 0o755,
    },
  );
  fs.writeFileSync(path.join(folder, "prompt.txt"), PROMPT);
  const entry = (k: number) => ({ k, positions: [21], vectors: [new Array<number>(WIDTH).fill(0.1)] });
  fs.writeFileSync(
    path.join(folder, "states.json"),
    JSON.stringify(Array.from({ length: BLOCKS }, (_, k) => entry(k))),
  );
  for (const name of ["dist", "models", "media"]) {
    if (fs.existsSync(path.join(ROOT, name))) fs.symlinkSync(path.join(ROOT, name), path.join(folder, name));
  }
});

test("pages show commands", () => {
  expect(shown.length).toBeGreaterThanOrEqual(10);
});

describe.skipIf(process.platform === "win32").each(shown)("$page: $command", ({ command, output }) => {
  test.skipIf(command.includes("SmolLM2") && smollm2() === null)("runs", () => {
    const env = environmentWith({
      PATH: `${folder}${path.delimiter}${process.env.PATH ?? ""}`,
      COLUMNS: "200",
    });
    const run = spawnSync("sh", ["-c", command], { cwd: folder, env, encoding: "utf8" });
    expect(run.status, run.stderr).toBe(0);
    for (const line of output) expect(run.stdout).toContain(line.trim());
  });
});
