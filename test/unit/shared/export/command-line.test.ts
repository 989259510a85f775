/** Exports against the command line on the embedded model: the same CSV, JSON that differs in nothing that is kept, and a command line that gives the same rows. */
import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { sweepCommandLine, gridCommandLine } from "../../../../src/shared/export/command-line.ts";
import { gridCsv } from "../../../../src/shared/export/grid-csv.ts";
import { gridJson, sweepJson } from "../../../../src/shared/export/result-json.ts";
import { sweepCsv } from "../../../../src/shared/export/sweep-csv.ts";
import type { GridResult, SweepResult } from "../../../../src/shared/experiment/result.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import { serializeSession } from "../../../../src/shared/session/serialize.ts";
import type { Session } from "../../../../src/shared/session/session.ts";
import { sessionOfResults } from "../../../support/session/session-of-results.ts";
import { buildOnce, cliPath, runCli } from "../../../support/cli/cli-support.ts";

const target = "Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:";
const prompts = ["--target", target, "--source", "The country Italy", "--swap", "France", "--with", "Italy"];

async function output(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(args);
  expect(code, stderr).toBe(0);
  return stdout;
}

/** A result without times, and without what a session does not keep. */
function kept(json: string): object {
  const { timing, model, ...rest } = JSON.parse(json) as SweepResult | GridResult;
  expect(timing).toBeDefined();
  const { path, ...summary } = model;
  expect(path).not.toBe("");
  return { ...rest, model: summary };
}

/** The JSON of a command line, as a shell runs it. */
function run(line: string): string {
  const command = line.replace(/^state-swap/, `'${process.execPath}' '${cliPath()}'`);
  return execFileSync("bash", ["-c", `${command} --json`], { encoding: "utf8", maxBuffer: 1 << 28 });
}

/** A line whose tokens were edited to count from the end, `last` for the last one; prompts as long as said. */
function fromTheEnd(line: string, length: { readonly target: number; readonly source: number }): string {
  return line.replaceAll(/(--swap|--with|--positions) @([\d.,]+)/g, (_, option: string, list: string) => {
    const n = option === "--with" ? length.source : length.target;
    const edited = list.replaceAll(/\d+/g, (index) =>
      Number(index) === n - 1 ? "last" : String(Number(index) - n),
    );
    return `${option} @${edited}`;
  });
}

describe("exports of a real run", () => {
  let sweep: SweepResult;
  let grid: GridResult;
  let session: Session;
  beforeAll(async () => {
    await buildOnce();
    sweep = JSON.parse(await output("sweep", ...prompts, "--lens", "--json")) as SweepResult;
    grid = JSON.parse(await output("grid", ...prompts, "--json")) as GridResult;
    const made = sessionOfResults(sweep, grid);
    // Read from its own file, as an export reads it; the embedded model is what the command line takes by itself.
    session = parseSession(serializeSession({ ...made, model: { ...made.model, embedded: true } }));
  });

  it("are the command line's CSV, to the byte", async () => {
    expect(sweepCsv(session.sweep!.rows)).toBe(await output("sweep", ...prompts, "--csv"));
    const tokens = session.target.tokenization.tokens.map(({ text }) => text);
    expect(gridCsv({ tokens, ...session.grid! })).toBe(await output("grid", ...prompts, "--csv"));
  });

  it("are the command line's JSON but for times and the model's place", () => {
    expect(kept(sweepJson(session)!)).toEqual(kept(JSON.stringify(sweep)));
    expect(kept(gridJson(session)!)).toEqual(kept(JSON.stringify(grid)));
  });

  it("say a command line that a shell runs to the same rows", () => {
    const again = JSON.parse(run(sweepCommandLine(session)!)) as SweepResult;
    expect(again.condition).toEqual(sweep.condition);
    expect(again.rows).toEqual(sweep.rows);
    const gridAgain = JSON.parse(run(gridCommandLine(session)!)) as GridResult;
    expect({ ...gridAgain, timing: null }).toEqual({ ...grid, timing: null });
  });

  it("say one that gives the same rows when its tokens are made to count from the end", async () => {
    const length = { target: sweep.target.ids.length, source: sweep.source!.ids.length };
    const swapLine = fromTheEnd(sweepCommandLine(session)!, length);
    expect(swapLine).toMatch(/--swap @-5 \\\n {2}--with @last /);
    const again = JSON.parse(run(swapLine)) as SweepResult;
    expect(again.condition).toEqual(sweep.condition);
    expect(again.rows).toEqual(sweep.rows);
    const gridLine = fromTheEnd(gridCommandLine(session)!, length);
    expect(gridLine).toContain("--with @last");
    const gridAgain = JSON.parse(run(gridLine)) as GridResult;
    expect({ ...gridAgain, timing: null }).toEqual({ ...grid, timing: null });

    const list = ["--target", target, "--condition", "random", "--positions", "@2,20..21,23..25", "--json"];
    const noise = JSON.parse(await output("sweep", ...list)) as SweepResult;
    const made = sessionOfResults(noise);
    const line = sweepCommandLine({ ...made, model: { ...made.model, embedded: true } })!;
    const noiseLine = fromTheEnd(line, length);
    expect(noiseLine).toContain("--positions @-24,-6..-5,-3..last");
    const noiseAgain = JSON.parse(run(noiseLine)) as SweepResult;
    expect(noiseAgain.condition).toEqual(noise.condition);
    expect(noiseAgain.rows).toEqual(noise.rows);
  });
});
