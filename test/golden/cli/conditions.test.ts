/** Every condition by the built command line: against PyTorch, against itself, and what comes beside the rows. */
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { SweepResult } from "../../../src/shared/experiment/result.ts";
import { naiveEntropy } from "../../support/properties/naive-oracle.ts";
import { buildOnce, fixture, runCli, temporaryFolder } from "../../support/cli/cli-support.ts";

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

interface HiddenStates {
  readonly blocks: number;
  readonly width: number;
  /** Input of block k at a position; k = blocks is the output of the last block. */
  readonly at: (k: number, position: number) => number[];
}

/** What `states` writes for a prompt. */
async function hiddenStates(model: readonly string[], ids: readonly number[]): Promise<HiddenStates> {
  const file = path.join(temporaryFolder(), "states.npy");
  const run = await runCli(["states", ...model, "--target-ids", ids.join(","), "-o", file]);
  expect(run.code).toBe(0);
  const bytes = fs.readFileSync(file);
  const begin = 10 + bytes.readUInt16LE(8);
  const [planes, positions, width] = /\((\d+), (\d+), (\d+)\)/
    .exec(bytes.subarray(10, begin).toString("latin1"))!
    .slice(1)
    .map(Number) as [number, number, number];
  const at = (k: number, position: number): number[] =>
    Array.from({ length: width }, (_, i) =>
      bytes.readFloatLE(begin + 4 * ((k * positions + position) * width + i)),
    );
  return { blocks: planes - 1, width, at };
}

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

  async function noted(...args: string[]): Promise<{ result: SweepResult; notes: string }> {
    const run = await runCli(["sweep", ...model, ...prompt, "--top", "128", "--json", ...args]);
    return { result: JSON.parse(run.stdout) as SweepResult, notes: run.stderr };
  }

  async function sweep(...args: string[]): Promise<SweepResult> {
    const { result, notes } = await noted(...args);
    expect(notes).toBe("");
    return result;
  }

  function logitOf(row: SweepResult["rows"][number], id: number): number {
    return row.top.find((token) => token.id === id)!.logit;
  }

  /** The same states, put in by two routes. */
  function expectSameLogits(a: SweepResult, b: SweepResult): void {
    expect(a.rows.map((row) => row.k)).toEqual(b.rows.map((row) => row.k));
    a.rows.forEach((row, i) => {
      for (const { id, logit } of b.rows[i]!.top) {
        expect(Math.abs(logitOf(row, id) - logit)).toBeLessThan(TOLERANCE);
      }
      expect(Math.abs(row.deltaNorm / b.rows[i]!.deltaNorm - 1)).toBeLessThan(1e-4);
    });
  }

  function expectCells(result: SweepResult, cells: readonly Cell[]): void {
    expect(result.rows.map((row) => row.k)).toEqual(cells.map((cell) => cell.k));
    result.rows.forEach((row, i) => {
      expect(row.top[0]!.id).toBe(cells[i]!.argmax);
      expect(row.entropy).toBeCloseTo(naiveEntropy(cells[i]!.logits), 3);
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

  test("strength puts in a share: half of zero is half the change", async () => {
    const zero = await sweep("--condition", "zero", "--positions", "@1,3");
    expect(zero.target.positions).toEqual([1, 3]);
    const half = await sweep("--condition", "zero", "--positions", "@1,3", "--strength", "0.5");
    zero.rows.forEach((row, i) => {
      expect(half.rows[i]!.deltaNorm / row.deltaNorm).toBeCloseTo(0.5, 4);
    });
    const none = await sweep("--condition", "zero", "--strength", "0");
    for (const row of none.rows) expect(row).toMatchObject({ deltaNorm: 0, outcome: "target" });
  });

  test("zero, mean and half a swap equal the same states given as vectors", async () => {
    const { blocks, width, at } = await hiddenStates(model, target!.input_ids);
    const source = await hiddenStates(model, golden.source.input_ids);
    const all = target!.input_ids.slice(0, -1).map((_, position) => position);
    const meanAt = (k: number): number[] => {
      const sum = new Array<number>(width).fill(0);
      for (const position of all) at(k, position).forEach((value, i) => (sum[i]! += value / all.length));
      return sum;
    };
    const put = async (positions: readonly number[], vectorAt: (k: number) => number[]) => {
      const entries = Array.from({ length: blocks }, (_, k) => ({
        k,
        positions,
        vectors: positions.map(() => vectorAt(k)),
      }));
      const file = path.join(temporaryFolder(), "vectors.json");
      fs.writeFileSync(file, JSON.stringify(entries));
      return sweep("--condition", "vectors", "--vectors", file);
    };
    const { tpos } = target!;
    const zeros = new Array<number>(width).fill(0);
    expectSameLogits(await sweep("--condition", "zero"), await put(all, () => zeros));
    expectSameLogits(await sweep("--condition", "mean", "--positions", "@2"), await put([2], meanAt));
    expectSameLogits(
      await sweep(...swap, "--strength", "0.5"),
      await put([tpos], (k) => {
        const given = source.at(k, golden.source.spos);
        return at(k, tpos).map((value, i) => (value + given[i]!) / 2);
      }),
    );
    const later = source.at(blocks, golden.source.spos);
    expectSameLogits(await sweep(...swap, "--source-layer", String(blocks)), await put([tpos], () => later));
  });

  test("BOS is replaced unless it shall be left", async () => {
    const withBos = ["--target-ids", [1, ...target!.input_ids].join(",")];
    const run = async (...args: string[]): Promise<SweepResult> =>
      JSON.parse((await runCli(["sweep", ...model, ...withBos, "--json", ...args])).stdout) as SweepResult;
    const n = target!.input_ids.length;
    const replaced = await run("--condition", "shuffle");
    expect(replaced.target.positions).toEqual(Array.from({ length: n }, (_, position) => position));
    const left = await run("--condition", "shuffle", "--exclude-bos");
    expect(left.target.positions).toEqual(replaced.target.positions.slice(1));
    expect(left.rows[0]!.targetLogprob).not.toBe(replaced.rows[0]!.targetLogprob);
    // Nothing is left out where the first token is none.
    const none = await sweep("--condition", "identity", "--exclude-bos");
    expect(none.target.positions[0]).toBe(0);
  });

  test("the source layer k at k is the locked swap, at other k another one", async () => {
    const locked = await sweep(...swap);
    const fixed = await sweep(...swap, "--source-layer", "1");
    expect(fixed.rows[1]!.top).toEqual(locked.rows[1]!.top);
    expect(fixed.rows[1]!.deltaNorm).toBe(locked.rows[1]!.deltaNorm);
    expect(fixed.rows[2]!.top).not.toEqual(locked.rows[2]!.top);
  });

  test("answers of several tokens, named or found, score as the sum of one sweep for each token", async () => {
    const answers = ["--target-answer", "Paris Rome", "--source-answer", "Berlin is the"];
    const { result: named, notes } = await noted(...swap, ...answers);
    expect(notes).toMatch(
      /^note: The target answer '␣Paris␣Rome' is not what the unpatched model gives.*\n$/,
    );
    expect(named.answers.scoring).toBe("likelihood");
    expect(named.answers.target.ids).toHaveLength(2);
    expect(named.answers.source!.ids).toHaveLength(3);
    const found = await sweep(...swap, "--answer-tokens", "3");
    expect(found.answers.scoring).toBe("likelihood");
    expect(found.answers.target.ids).toHaveLength(3);
    const layers = [0, golden.n_layers - 1];
    const stepwise = async (ids: readonly number[]): Promise<number[]> => {
      const sums = layers.map(() => 0);
      for (const [n, id] of ids.entries()) {
        const longer = [...target!.input_ids, ...ids.slice(0, n)].join(",");
        const run = await runCli([
          ...["sweep", ...model, "--target-ids", longer, ...swap, "--top", "128", "--json"],
        ]);
        const { rows } = JSON.parse(run.stdout) as SweepResult;
        layers.forEach((k, i) => {
          sums[i]! += rows[k]!.top.find((token) => token.id === id)!.logprob;
        });
      }
      return sums;
    };
    const expectScores = async (result: SweepResult): Promise<void> => {
      const targets = await stepwise(result.answers.target.ids);
      const sources = await stepwise(result.answers.source!.ids);
      layers.forEach((k, i) => {
        const row = result.rows[k]!;
        expect(Math.abs(row.targetLogprob - targets[i]!)).toBeLessThan(1e-3);
        expect(Math.abs(row.sourceLogprob! - sources[i]!)).toBeLessThan(1e-3);
        expect(Math.abs(row.logitDifference! - (sources[i]! - targets[i]!))).toBeLessThan(2e-3);
      });
    };
    await expectScores(named);
    await expectScores(found);
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
  expect(run.stdout).toMatch(/noise of the same length at all tokens but the last.*seeds 0–2/);
  expect(run.stdout).toMatch(/\d of 3/);
  expect(run.stdout).toContain("Logit lens of the unpatched last token");
  expect(run.stdout).toContain(
    "The condition covers the prompt; generated tokens run unpatched on its keys and values.",
  );
  expect(run.stdout).toContain("Control identity");
  expect(run.stdout).toContain("as it must");
});
