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
    const run = (line: string): string => {
      const command = line.replace(/^state-swap/, `'${process.execPath}' '${cliPath()}'`);
      return execFileSync("bash", ["-c", `${command} --json`], { encoding: "utf8", maxBuffer: 1 << 28 });
    };
    const again = JSON.parse(run(sweepCommandLine(session)!)) as SweepResult;
    expect(again.condition).toEqual(sweep.condition);
    expect(again.rows).toEqual(sweep.rows);
    const gridAgain = JSON.parse(run(gridCommandLine(session)!)) as GridResult;
    expect({ ...gridAgain, timing: null }).toEqual({ ...grid, timing: null });
  });
});
