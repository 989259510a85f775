/** Every condition by the built command line: against PyTorch, against itself, and what comes beside the rows. */
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { SweepResult } from "../../src/shared/result.ts";
import { buildOnce, fixture, runCli } from "../unit/cli-support.ts";

/** fixtures/README.md: fp32 graphs against PyTorch. */
const TOLERANCE = 2e-4;

interface Cell {
  readonly k: number;
  readonly argmax: number;
  readonly logits: readonly number[];
}

interface Golden {
  readonly n_layers: number;
  readonly source: { readonly input_ids: readonly number[]; readonly spos: number };
  readonly targets: readonly {
    readonly input_ids: readonly number[];
    readonly tpos: number;
    readonly freeze: readonly Cell[];
    readonly skip_attention: readonly Cell[];
  }[];
}

beforeAll(buildOnce);

/** All cases have both: an ONNX export and a GGUF file. */
const CASES = ["llama__past", "gguf_llama__Q8_0"].map((name) => ({ name, folder: fixture(name)! }));

describe.each(CASES)("$name", ({ folder }) => {
  const golden = JSON.parse(fs.readFileSync(path.join(folder, "golden.json"), "utf8")) as Golden;
  const gguf = path.join(folder, "model.gguf");
  const model = ["--model", fs.existsSync(gguf) ? gguf : folder, "--threads", "1"];
  const [target] = golden.targets;
  const prompt = ["--target-ids", target!.input_ids.join(",")];
  const swap = [
    ...["--source-ids", golden.source.input_ids.join(","), "--with", `@${golden.source.spos}`],
    ...["--swap", `@${target!.tpos}`],
  ];

  async function sweep(...args: string[]): Promise<SweepResult> {
    const run = await runCli(["sweep", ...model, ...prompt, "--top", "128", "--json", ...args]);
    expect(run.stderr).toBe("");
    return JSON.parse(run.stdout) as SweepResult;
  }

  function logitOf(row: SweepResult["rows"][number], id: number): number {
    return row.top.find((token) => token.id === id)!.logit;
  }

  function expectCells(result: SweepResult, cells: readonly Cell[]): void {
    expect(result.rows.map((row) => row.k)).toEqual(cells.map((cell) => cell.k));
    result.rows.forEach((row, i) => {
      expect(row.top[0]!.id).toBe(cells[i]!.argmax);
      cells[i]!.logits.forEach((logit, id) => {
        expect(Math.abs(logitOf(row, id) - logit)).toBeLessThan(TOLERANCE);
      });
    });
  }

  test("freeze equals the golden, from k = 1 on", async () => {
    const result = await sweep("--condition", "freeze");
    expectCells(result, target!.freeze);
    expect(result.condition).toEqual({
      kind: "freeze",
      positions: target!.input_ids.slice(0, -1).map((_, position) => position),
    });
    const refused = await runCli(["sweep", ...model, ...prompt, "--condition", "freeze", "--layers", "0..2"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/freeze is defined for k >= 1/);
  });

  test("skip attention equals the golden", async () => {
    expectCells(await sweep("--condition", "skip-attention"), target!.skip_attention);
  });

  test("random repeats with its seed and differs with another; rows are ordered by k, then seed", async () => {
    const random = ["--condition", "random", "--seeds", "2"];
    const first = await sweep(...random, "--seed", "3");
    expect((await sweep(...random, "--seed", "3")).rows).toEqual(first.rows);
    const shifted = await sweep(...random, "--seed", "4");
    expect(first.rows.map((row) => [row.k, row.seed])).toEqual(
      Array.from({ length: golden.n_layers }, (_, k) => [
        [k, 3],
        [k, 4],
      ]).flat(),
    );
    // Seed 4 is the same noise in both runs: it does not depend on its neighbours.
    const of = (result: SweepResult, seed: number) => result.rows.filter((row) => row.seed === seed);
    of(first, 4).forEach((row, i) => {
      expect(Math.abs(row.targetLogprob - of(shifted, 4)[i]!.targetLogprob)).toBeLessThan(1e-4);
    });
    expect(of(first, 3).map((row) => row.klToBaseline)).not.toEqual(
      of(first, 4).map((row) => row.klToBaseline),
    );
  });

  test("vectors of what a condition puts in give its rows: zero", async () => {
    const zero = await sweep("--condition", "zero", "--positions", "@1,3");
    expect(zero.target.positions).toEqual([1, 3]);
    const half = await sweep("--condition", "zero", "--positions", "@1,3", "--strength", "0.5");
    zero.rows.forEach((row, i) => {
      expect(half.rows[i]!.deltaNorm / row.deltaNorm).toBeCloseTo(0.5, 4);
    });
  });

  test("a source layer is put in at every k", async () => {
    const locked = await sweep(...swap);
    const fixed = await sweep(...swap, "--source-layer", "1");
    // The answers are other ones, since the rows at k = 0 are; what the model says is the same.
    expect(fixed.rows[1]!.top).toEqual(locked.rows[1]!.top);
    expect(fixed.rows[2]!.top).not.toEqual(locked.rows[2]!.top);
  });

  test("an answer of several tokens scores as the sum of one sweep for each token", async () => {
    const ids = [5, 9, 7];
    const text = await runCli(["sweep", ...model, ...prompt, ...swap, "--json", "--answer-tokens", "3"]);
    const found = JSON.parse(text.stdout) as SweepResult;
    expect(found.answers.scoring).toBe("likelihood");
    expect(found.answers.target.ids).toHaveLength(3);
    expect(ids).toHaveLength(3);
    for (const [i, row] of found.rows.entries()) {
      let sum = 0;
      for (const [n, id] of found.answers.target.ids.entries()) {
        const longer = [...target!.input_ids, ...found.answers.target.ids.slice(0, n)];
        const run = await runCli([
          ...["sweep", ...model, "--target-ids", longer.join(","), ...swap, "--top", "128", "--json"],
          ...["--layers", String(row.k)],
        ]);
        const one = (JSON.parse(run.stdout) as SweepResult).rows[0]!;
        sum += one.top.find((token) => token.id === id)!.logprob;
      }
      expect(Math.abs(row.targetLogprob - sum)).toBeLessThan(1e-3);
      if (i === 1) break;
    }
  });

  test("a continuation is the argmax, token by token", async () => {
    const { continuations } = await sweep(...swap, "--continue", "3", "--layers", "1");
    expect(continuations!.scope).toBe("prompt");
    const ids: number[] = [];
    for (const id of continuations!.rows[0]!.ids) {
      const longer = [...target!.input_ids, ...ids].join(",");
      const run = await runCli([
        "sweep",
        ...model,
        "--target-ids",
        longer,
        ...swap,
        "--json",
        "--layers",
        "1",
      ]);
      expect(id).toBe((JSON.parse(run.stdout) as SweepResult).rows[0]!.top[0]!.id);
      ids.push(id);
    }
    expect(continuations!.baseline.ids).toHaveLength(3);
  });

  test("lens, attention and controls stand in the result", async () => {
    const result = await sweep(...swap, "--lens", "--attention", "--controls");
    expect(result.lens!.map((row) => row.k)).toEqual(
      Array.from({ length: golden.n_layers + 1 }, (_, k) => k),
    );
    expect(result.lens!.at(-1)!.top[0]!.id).toBe(result.baseline.top[0]!.id);
    expect(result.attention).toHaveLength(golden.n_layers);
    for (const row of result.attention!) {
      expect(row).toHaveLength(target!.input_ids.length);
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    }
    const [identity, random, unrelated] = result.controls!;
    expect(identity).toMatchObject({ name: "identity", flip: null });
    for (const row of identity!.rows)
      expect(row).toMatchObject({ outcome: "target", klToBaseline: 0, deltaNorm: 0 });
    expect(random!.rows).toHaveLength(5 * golden.n_layers);
    expect(unrelated).toMatchObject({ name: "unrelated", source: { text: "A large wooden table" } });
  });
});

test("people read the same in words", async () => {
  const run = await runCli([
    ...["sweep", "--target", "The capital of France is", "--condition", "random", "--seeds", "3"],
    ...["--lens", "--continue", "2", "--controls"],
  ]);
  expect(run.code).toBe(0);
  expect(run.stdout).toMatch(/noise of each state's length at all tokens but the last.*seeds 0–2/);
  expect(run.stdout).toMatch(/\d of 3/);
  expect(run.stdout).toContain("Logit lens of the unpatched last token");
  expect(run.stdout).toContain("the condition covers the prompt; generated tokens run unpatched");
  expect(run.stdout).toContain("Control identity");
  expect(run.stdout).toContain("as it must");
});
