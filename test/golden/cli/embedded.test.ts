/** Every condition on the model that a fresh install has, by the built command line. */
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Condition, ConditionKind } from "../../../src/shared/condition/condition.ts";
import { CONDITION_KINDS, descriptorOf, smallestK } from "../../../src/shared/condition/condition.ts";
import type { GridResult, SweepResult } from "../../../src/shared/experiment/result.ts";
import { buildOnce, runCli, temporaryFolder } from "../../support/cli/cli-support.ts";

const BLOCKS = 12;
const WIDTH = 128;
const target = "Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:";
const swap = ["--source", "The country Italy", "--swap", "France", "--with", "Italy"];

beforeAll(buildOnce);

async function json<T = SweepResult>(command: "sweep" | "grid", ...args: string[]): Promise<T> {
  const run = await runCli([command, "--target", target, "--json", ...args]);
  expect(run.stderr).toBe("");
  expect(run.code).toBe(0);
  return JSON.parse(run.stdout) as T;
}

/** What a condition needs beside its name. */
function optionsOf(kind: ConditionKind): string[] {
  if (kind === "swap") return swap;
  if (kind !== "vectors") return ["--condition", kind];
  const file = path.join(temporaryFolder(), "vectors.json");
  const entry = (k: number) => ({ k, positions: [21], vectors: [new Array<number>(WIDTH).fill(0.1)] });
  fs.writeFileSync(file, JSON.stringify(Array.from({ length: BLOCKS }, (_, k) => entry(k))));
  return ["--condition", "vectors", "--vectors", file];
}

describe.each(CONDITION_KINDS)("%s", (kind) => {
  test("gives a row for each k with every number, and ends at the unpatched answer", async () => {
    const result = await json("sweep", ...optionsOf(kind), "--lens");
    expect(result.condition.kind).toBe(kind);
    const ks = Array.from({ length: BLOCKS - smallestK(kind) }, (_, i) => i + smallestK(kind));
    expect(result.rows.map((row) => row.k)).toEqual(ks);
    for (const row of result.rows) {
      expect(Number.isFinite(row.deltaNorm) && Number.isFinite(row.klToBaseline)).toBe(true);
      expect(row.deltaNorm > 0).toBe(kind !== "identity");
      expect("seed" in row).toBe(descriptorOf(kind).takes.seeds);
    }
    const [first] = result.rows;
    if (kind === "identity") expect(result.rows.every((row) => row.klToBaseline === 0)).toBe(true);
    else expect(first!.recovery).toBe(1);
    expect(result.answers.scoring).toBe("next-token");
    // Only what has an answer of its own finds one.
    if (kind !== "swap" && kind !== "vectors") expect(result.answers.source).toBeNull();
    const last = result.rows.at(-1)!;
    expect(last.k).toBe(BLOCKS - 1);
    expect(last).toMatchObject({ outcome: "target", rankOfTarget: 1 });
    expect(result.lens).toHaveLength(BLOCKS + 1);
    expect(result.lens!.at(-1)!.top[0]).toMatchObject({ id: result.baseline.top[0]!.id });
  });

  test("says what it does to people", async () => {
    const run = await runCli(["sweep", "--target", target, ...optionsOf(kind)]);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/layers {4}k = 0-based layer whose input is replaced/);
    const rows = run.stdout.split("\n").filter((line) => /^ ?\d+ {2}[◆★▪] {4}/u.test(line));
    expect(rows).toHaveLength(BLOCKS - smallestK(kind));
  });
});

test("positions are taken by text, by index, by list, in any mixture", async () => {
  const result = await json(
    ...(["sweep", "--condition", "zero", "--layers", "3"] as const),
    ...["--positions", "France", "--positions", "@7,11..12", "--positions", "@21"],
  );
  expect(result.condition).toEqual({ kind: "zero", positions: [7, 11, 12, 21], strength: 1 });
  expect(result.target.positions).toEqual([7, 11, 12, 21]);
});

test("an unrelated source of one's own is what the control reads", async () => {
  const result = await json("sweep", ...swap, "--layers", "0..2", "--controls", "--unrelated", "The country");
  const unrelated = result.controls!.find(({ name }) => name === "unrelated")!;
  expect(unrelated.source).toMatchObject({ text: "The country", positions: [1] });
  const alone = await json(
    ...(["sweep", "--layers", "0..2", "--swap", "France", "--source", "The country"] as const),
    ...["--with", "country", "--source-answer", "Rome", "--target-answer", "Paris"],
  );
  expect(unrelated.rows).toEqual(alone.rows);
});

test("continuations keep to the sweep's rows and name their scope", async () => {
  const random = ["--condition", "random", "--seeds", "2", "--layers", "5..6", "--continue", "2"];
  const { rows, continuations } = await json("sweep", ...random);
  expect(continuations!.scope).toBe("prompt");
  expect(continuations!.rows.map(({ k, seed }) => [k, seed])).toEqual(rows.map(({ k, seed }) => [k, seed]));
  continuations!.rows.forEach(({ ids }, i) => {
    expect(ids[0]).toBe(rows[i]!.top[0]!.id);
  });
  const skip = await json("sweep", "--condition", "skip-attention", "--layers", "6", "--continue", "2");
  expect(skip.continuations!.scope).toBe("every-step");
});

test("a grid with a source layer and a strength is the sweep's cell at each position", async () => {
  const how = [...swap, "--source-layer", "4", "--strength", "0.75", "--layers", "6..7"];
  const grid = await json<GridResult>("grid", ...how);
  const sweep = await json("sweep", ...how);
  expect(grid.condition).toMatchObject({ sourceLayer: 4, strength: 0.75 });
  sweep.rows.forEach((row, i) => {
    expect(Math.abs(grid.targetLogprob[i]![21]! - row.targetLogprob)).toBeLessThan(1e-4);
    expect(grid.argmax[i]![21]).toBe(row.top[0]!.id);
  });
});

test("equal answers are refused before anything runs", async () => {
  const answers = ["--target-answer", "Paris", "--source-answer", " Paris"];
  for (const command of ["sweep", "grid"]) {
    const { code, stderr } = await runCli([command, "--target", target, ...swap, ...answers]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/error: Source and target answer are the same: "Paris"\./);
  }
});

test("a long answer beside a short one is told", async () => {
  const notes = async (...args: string[]): Promise<string> =>
    (await runCli(["sweep", "--target", target, ...swap, "--layers", "0", ...args])).stderr;
  expect(await notes("--target-answer", "Paris and")).toMatch(
    /target answer '␣Paris␣and' has 2 tokens; the source answer is found by running, with 1 token\. --answer-tokens 2/,
  );
  expect(await notes("--target-answer", "Paris and", "--answer-tokens", "2")).toBe("");
});

test("CSV with something that it cannot hold is refused before a model is opened", async () => {
  const run = await runCli(["sweep", "--model", "/nowhere", "--target", target, ...swap, "--csv", "--lens"]);
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(/CSV holds the rows alone, not what --lens gives\. *\n.*--json/);
});

test("what a condition stores runs again to the same rows", async () => {
  const first = await json(
    "sweep",
    "--condition",
    "shuffle",
    "--seed",
    "11",
    "--seeds",
    "3",
    "--layers",
    "4",
  );
  const { positions, seeds } = first.condition as Extract<Condition, { kind: "shuffle" }>;
  const again = await json(
    ...(["sweep", "--condition", "shuffle", "--layers", "4"] as const),
    ...[
      "--positions",
      `@${positions.join(",")}`,
      "--seed",
      String(seeds[0]),
      "--seeds",
      String(seeds.length),
    ],
  );
  expect(again.rows).toEqual(first.rows);
  expect(new Set(first.rows.map((row) => row.klToBaseline)).size).toBe(3);
});
