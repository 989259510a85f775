/** `--explain`: the plan of a sweep or a grid, printed instead of run, and true of the run. */
import { beforeAll, expect, test } from "vitest";
import type { RunPlan } from "../../../src/shared/experiment/run-plan.ts";
import type { GridResult, SweepResult } from "../../../src/shared/experiment/result.ts";
import { buildOnce, fixture, runCli } from "../../support/cli/cli-support.ts";

beforeAll(buildOnce);

const PAIR = ["--target", "The capital of France is", "--source", "The capital of Italy is", "--with", "@3"];

async function json<T>(args: readonly string[]): Promise<T> {
  const run = await runCli([...args, "--json"]);
  expect(run.stderr).toBe("");
  expect(run.code).toBe(0);
  return JSON.parse(run.stdout) as T;
}

test.each(["llama__past", "gguf_llama__Q8_0"])("a sweep of %s costs what --explain says", async (name) => {
  const model = fixture(name)!;
  const args = ["sweep", "--model", model, ...PAIR, "--swap", "@3"];
  const plan = await json<RunPlan & { schema: string }>([...args, "--explain"]);
  expect(plan.schema).toBe("state-swap/plan@1");
  expect(plan.passes.map(({ kind }) => kind)).toEqual(["target", "source", "rows"]);
  const result = await json<SweepResult>(args);
  expect(result.timing.blockTokens).toBe(plan.blockTokens);
});

test("a grid costs what --explain says", async () => {
  const args = ["grid", "--model", fixture("gguf_llama__Q8_0")!, ...PAIR, "--swap", "@3", "--layers", "1..3"];
  const plan = await json<RunPlan>([...args, "--explain"]);
  const result = await json<GridResult>(args);
  expect(result.timing.blockTokens).toBe(plan.blockTokens);
  expect(plan.wholeBlockTokens).toBeGreaterThan(plan.blockTokens);
});

test("people read a table of passes, and what only running can tell", async () => {
  const run = await runCli([
    ...[
      "sweep",
      ...PAIR,
      "--swap",
      "@3",
      "--answer",
      "full",
      "--answer-tokens",
      "2",
      "--controls",
      "--explain",
    ],
  ]);
  expect(run.code).toBe(0);
  expect(run.stdout).toMatch(/^pass +rows +tokens/);
  expect(run.stdout).toMatch(/rows: k 0–11 /);
  expect(run.stdout).toContain("The source answer is found by running");
  expect(run.stdout).toContain("--controls are sweeps of their own");
});

test("wrong uses are refused before anything runs", async () => {
  const csv = await runCli(["sweep", ...PAIR, "--swap", "@3", "--explain", "--csv"]);
  expect(csv).toMatchObject({ code: 2, stdout: "" });
  expect(csv.stderr).toContain("A plan is not written as CSV");
  const layers = await runCli(["grid", ...PAIR, "--layers", "3..99", "--explain"]);
  expect(layers.code).toBe(1);
  expect(layers.stderr).toContain("k = 99 is out of range");
  const tokens = await runCli(["tokens", "--target", "x", "--explain"]);
  expect(tokens.code).toBe(2);
});
