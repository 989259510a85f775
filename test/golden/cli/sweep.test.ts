/** The command line against PyTorch: its JSON holds what the goldens hold, for every kind of file and prompt. */
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { GridResult, SweepResult } from "../../../src/shared/experiment/result.ts";
import { buildOnce, fixture, runCli, smollm2, temporaryFolder } from "../../support/cli/cli-support.ts";

/** fixtures/README.md: fp32 graphs against PyTorch. */
const TOLERANCE = 2e-4;
/** The goldens of SmolLM2 are rounded to seven digits, its logits are near 20. */
const SMOLLM2_TOLERANCE = 2e-3;

interface Cell {
  readonly k: number;
  readonly argmax: number;
  readonly logits: readonly number[];
}

interface Golden {
  readonly n_layers: number;
  readonly hidden_size: number;
  readonly source: { readonly text: string; readonly input_ids: readonly number[]; readonly spos: number };
  readonly targets: readonly {
    readonly text: string;
    readonly input_ids: readonly number[];
    readonly tpos: number;
    readonly argmax: number;
    readonly logits: readonly number[];
    readonly hidden: readonly (readonly (readonly number[])[])[];
    readonly sweep: readonly Cell[];
    readonly grid: readonly (readonly number[])[];
    readonly random: readonly (Cell & { readonly noise: readonly (readonly number[])[] })[];
  }[];
}

const NAMES = ["llama__past", "gpt2__past", "gguf_llama__F32", "gguf_qwen2__Q8_0"];

beforeAll(buildOnce);

function goldenOf(folder: string): Golden {
  return JSON.parse(fs.readFileSync(path.join(folder, "golden.json"), "utf8")) as Golden;
}

/** Hub-layout folders open as they are; a GGUF fixture by its file. */
function modelOf(folder: string): string {
  const gguf = path.join(folder, "model.gguf");
  return fs.existsSync(gguf) ? gguf : folder;
}

async function json<T>(args: readonly string[]): Promise<T> {
  const run = await runCli([...args, "--json"]);
  expect(run.stderr).toBe("");
  expect(run.code).toBe(0);
  return JSON.parse(run.stdout) as T;
}

function expectTop(
  top: SweepResult["baseline"]["top"],
  golden: { argmax: number; logits: readonly number[] },
): void {
  expect(top[0]!.id).toBe(golden.argmax);
  for (const { id, logit } of top) expect(Math.abs(logit - golden.logits[id]!)).toBeLessThan(TOLERANCE);
  const total = Math.log(golden.logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
  for (const { id, logprob } of top) {
    expect(Math.abs(logprob - (golden.logits[id]! - total))).toBeLessThan(2 * TOLERANCE);
  }
}

describe.each(NAMES)("%s", (name) => {
  const folder = fixture(name);
  const there = test.skipIf(folder === null);
  if (folder === null) console.warn(`SKIPPED: the fixture ${name} is not on this machine.`);

  there("a sweep of ids equals the golden sweep for both targets", async () => {
    const golden = goldenOf(folder!);
    for (const target of golden.targets) {
      const result = await json<SweepResult>([
        ...["sweep", "--model", modelOf(folder!), "--threads", "1", "--top", "128"],
        ...["--target-ids", target.input_ids.join(","), "--swap", `@${target.tpos}`],
        ...["--source-ids", golden.source.input_ids.join(","), "--with", `@${golden.source.spos}`],
      ]);
      expectTop(result.baseline.top, target);
      expect(result.rows.map((row) => row.k)).toEqual(target.sweep.map((cell) => cell.k));
      result.rows.forEach((row, k) => {
        expect(row.top).toHaveLength(128);
        expectTop(row.top, target.sweep[k]!);
      });
      expect(result.target).toMatchObject({ text: null, ids: target.input_ids, positions: [target.tpos] });
      expect(result.source).toMatchObject({ ids: golden.source.input_ids, positions: [golden.source.spos] });
    }
  });

  there("texts and words give the same rows as ids and indices", async () => {
    const golden = goldenOf(folder!);
    const [target] = golden.targets;
    const word = "Spain";
    const common = ["sweep", "--model", modelOf(folder!), "--threads", "1"];
    const byText = await json<SweepResult>([
      ...common,
      ...["--target", target!.text, "--swap", "Paris", "--source", golden.source.text, "--with", word],
    ]);
    expect(byText.target.ids).toEqual(target!.input_ids);
    expect(byText.source!.ids).toEqual(golden.source.input_ids);
    const byIds = await json<SweepResult>([
      ...common,
      ...["--target-ids", byText.target.ids.join(","), "--swap", `@${byText.target.positions.join("..")}`],
      ...["--source-ids", byText.source!.ids.join(","), "--with", `@${byText.source!.positions.join("..")}`],
    ]);
    expect(byIds.rows).toEqual(byText.rows);
  });

  there("a grid equals the golden grid, indexed by k first", async () => {
    const golden = goldenOf(folder!);
    const [target] = golden.targets;
    const result = await json<GridResult>([
      ...["grid", "--model", modelOf(folder!), "--threads", "1", "--target-ids", target!.input_ids.join(",")],
      ...["--source-ids", golden.source.input_ids.join(","), "--with", `@${golden.source.spos}`],
      ...["--swap", `@${target!.tpos}`],
    ]);
    expect(result.schema).toBe("state-swap/grid@1");
    target!.grid.forEach((byK, p) => {
      expect(result.argmax.map((row) => row[p])).toEqual(byK);
    });
    expect(result.argmax[0]).toHaveLength(target!.input_ids.length);
  });

  there("given vectors equal the goldens that put the same numbers in, each at its own k", async () => {
    const golden = goldenOf(folder!);
    const [target] = golden.targets;
    const positions = target!.input_ids.slice(0, -1).map((_, p) => p);
    const file = path.join(temporaryFolder(), "noise.json");
    const entries = target!.random.map((cell) => ({ k: cell.k, positions, vectors: cell.noise }));
    fs.writeFileSync(file, JSON.stringify(entries));
    const common = [
      ...[
        "sweep",
        "--model",
        modelOf(folder!),
        "--threads",
        "1",
        "--condition",
        "vectors",
        "--vectors",
        file,
      ],
      ...["--target-ids", target!.input_ids.join(",")],
    ];
    const result = await json<SweepResult>(common);
    expect(result.rows.map((row) => row.k)).toEqual(target!.random.map((cell) => cell.k));
    result.rows.forEach((row, i) => {
      expectTop(row.top, target!.random[i]!);
    });
    expect(result.source).toBeNull();
    const part = await json<SweepResult>([...common, "--layers", "1..2"]);
    expect(part.rows.map((row) => row.k)).toEqual([1, 2]);
  });

  there("identity leaves every number of the unpatched run as it is", async () => {
    const [target] = goldenOf(folder!).targets;
    const result = await json<SweepResult>([
      ...["sweep", "--model", modelOf(folder!), "--threads", "1", "--condition", "identity"],
      ...["--target-ids", target!.input_ids.join(",")],
    ]);
    for (const row of result.rows) {
      expect(row.deltaNorm).toBe(0);
      expect(row.top[0]!.id).toBe(target!.argmax);
      expect(Math.abs(row.top[0]!.logit - result.baseline.top[0]!.logit)).toBeLessThan(1e-4);
    }
  });

  there("states are the golden hidden states in NumPy's format", async () => {
    const golden = goldenOf(folder!);
    const [target] = golden.targets;
    const file = path.join(temporaryFolder(), "states.npy");
    const run = await runCli([
      ...["states", "--model", modelOf(folder!), "--target-ids", target!.input_ids.join(","), "-o", file],
    ]);
    expect(run.code).toBe(0);
    expect(run.stdout).toBe("");
    const shape = [golden.n_layers + 1, target!.input_ids.length, golden.hidden_size];
    expect(run.stderr).toContain(`[${shape.join(", ")}]`);
    const bytes = fs.readFileSync(file);
    const headerBytes = 10 + bytes.readUInt16LE(8);
    expect(headerBytes % 64).toBe(0);
    expect(bytes.subarray(10, headerBytes).toString("latin1")).toContain(`'shape': (${shape.join(", ")})`);
    const flat = target!.hidden.flat(2);
    expect(bytes.length - headerBytes).toBe(4 * flat.length);
    flat.forEach((value, i) => {
      expect(Math.abs(bytes.readFloatLE(headerBytes + 4 * i) - value)).toBeLessThan(TOLERANCE);
    });
  });
});

describe("SmolLM2", () => {
  const there = smollm2();
  if (!there)
    console.warn("SKIPPED: SmolLM2 or its goldens are not on this machine (npm run model:smollm2).");

  test.skipIf(!there)("a sweep of text equals the goldens and flips at 24 of 30", async () => {
    const { cases } = JSON.parse(fs.readFileSync(there!.goldens, "utf8")) as {
      cases: readonly {
        target: string;
        source: string;
        target_position: number;
        sweep: readonly {
          k: number;
          argmax: number;
          top_ids: number[];
          top_logits: number[];
          top_logprob: number[];
        }[];
      }[];
    };
    const [first] = cases;
    const result = await json<SweepResult>([
      ...["sweep", "--model", there!.model, "--target", first!.target, "--source", first!.source],
      ...["--swap", "France", "--with", "Italy"],
    ]);
    expect(result.target.positions).toEqual([first!.target_position]);
    expect(result.flip).toEqual({ k: 24, of: 30 });
    expect(result.answers).toMatchObject({ source: { text: " Rome" }, target: { text: " Paris" } });
    first!.sweep.forEach((cell, k) => {
      const row = result.rows[k]!;
      expect(row.top[0]!.id).toBe(cell.argmax);
      const logits = new Map(row.top.map((token) => [token.id, token]));
      cell.top_ids.slice(0, 5).forEach((id, i) => {
        expect(Math.abs(logits.get(id)!.logit - cell.top_logits[i]!)).toBeLessThan(SMOLLM2_TOLERANCE);
        expect(Math.abs(logits.get(id)!.logprob - cell.top_logprob[i]!)).toBeLessThan(SMOLLM2_TOLERANCE);
      });
    });
  });
});
