/** The embedded model against PyTorch on its own (rounded) weights, through the engine service: what a user's first run shows. */
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Experiment } from "../../src/shared/experiment/experiment.ts";
import { promptOf } from "../../src/shared/experiment/experiment.ts";
import { argmax, norm } from "../../src/engine/matrix.ts";
import type { ModelInfo, Progress } from "../../src/shared/protocol/engine.ts";
import { EngineService } from "../../src/engine/service.ts";
import { openModel } from "../../src/engine/open.ts";
import { naiveRun } from "../support/properties/naive-oracle.ts";
import { TEST_RUNTIME } from "../support/runtime.ts";

interface GoldenPrompt {
  readonly text: string;
  readonly ids: readonly number[];
  readonly position: number;
  readonly argmax: number;
  readonly top: readonly { readonly id: number; readonly logit: number }[];
}

interface GoldenCase {
  readonly target: GoldenPrompt;
  readonly source: GoldenPrompt;
  readonly sweep: readonly (Pick<GoldenPrompt, "argmax" | "top"> & { readonly k: number })[];
}

interface Golden {
  readonly blocks: number;
  readonly demo: GoldenCase & {
    readonly grid_argmax: readonly (readonly number[])[];
    readonly target_norms: readonly (readonly number[])[];
  };
  readonly more: readonly GoldenCase[];
}

const repository = path.resolve(import.meta.dirname, "../..");
const golden = JSON.parse(
  fs.readFileSync(path.join(repository, "test/fixtures/embedded/golden.json"), "utf8"),
) as Golden;
const folder = path.join(repository, "media/models/countries-2m");
const LOGITS = 2e-4;

const service = new EngineService();
let info: ModelInfo;

function context(emit: (progress: Progress) => void = () => undefined): {
  signal: AbortSignal;
  emit: (progress: Progress) => void;
} {
  return { signal: new AbortController().signal, emit };
}

beforeAll(async () => {
  info = await service.handle(
    "open",
    { path: folder, file: null, threads: 1, runtime: TEST_RUNTIME },
    context(),
  );
});

async function experimentOf(item: GoldenCase): Promise<Experiment> {
  const target = await service.handle("tokenize", { text: item.target.text, bos: "auto" }, context());
  const source = await service.handle("tokenize", { text: item.source.text, bos: "auto" }, context());
  expect(target.ids).toEqual(item.target.ids);
  expect(source.ids).toEqual(item.source.ids);
  return {
    target: promptOf(target),
    source: promptOf(source),
    condition: {
      kind: "swap",
      align: null,
      pairs: [{ target: item.target.position, source: [item.source.position] }],
      sourceLayer: null,
      strength: 1,
    },
    layers: { from: 0, to: golden.blocks - 1 },
    answers: { target: null, source: null, scoring: "next-token", tokens: 1 },
    top: 10,
    lens: false,
  };
}

test("opens, passes its self-test, and fits the package", () => {
  expect(info).toMatchObject({ blocks: golden.blocks, architecture: "llama" });
  expect(info.selfTest).toMatchObject({ passed: true, identity: 0 });
  const bytes = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath, entry.name)).size, 0);
  expect(bytes).toBeLessThan(8e6);
});

describe.each([golden.demo, ...golden.more])("$source.text into $target.text", (item) => {
  test("gives the golden answers and logits for every k", async () => {
    const result = await service.handle("sweep", await experimentOf(item), context());
    expect(result.baseline[0]!.id).toBe(item.target.argmax);
    expect(result.rows.map((row) => row.top[0]!.id)).toEqual(item.sweep.map((row) => row.argmax));
    result.rows.forEach((row, k) => {
      const logits = new Map(row.top.map(({ id, logit }) => [id, logit]));
      // The tenth and eleventh may change places within the tolerance.
      for (const { id, logit } of item.sweep[k]!.top.slice(0, 8)) {
        expect(Math.abs(logits.get(id)! - logit)).toBeLessThan(LOGITS);
      }
    });
  });
});

test("the demo flips once, from the source's answer to the target's (G14)", async () => {
  const result = await service.handle("sweep", await experimentOf(golden.demo), context());
  expect(result.answers).toMatchObject({ target: { text: " Paris" }, source: { text: " Rome" } });
  const letters = result.rows.map((row) => row.outcome[0]).join("");
  expect(letters).toMatch(/^s+t+$/);
  expect(result.flip).toEqual({ k: letters.indexOf("t"), of: golden.blocks });
});

test("the demo's grid gives the golden answer in every cell", async () => {
  const { target, source, layers } = await experimentOf(golden.demo);
  const columns: number[] = [];
  const result = await service.handle(
    "grid",
    {
      target,
      source: source!,
      sourceLayer: null,
      strength: 1,
      sourcePositions: [golden.demo.source.position],
      targetPositions: [golden.demo.target.position],
      layers,
      answers: { target: null, source: null },
    },
    context((progress) => {
      if (progress.kind === "column") columns.push(progress.column.position);
    }),
  );
  expect(columns).toEqual(target.ids.map((_, position) => position));
  result.columns.forEach((column, position) => {
    expect(column.argmax).toEqual(golden.demo.grid_argmax.map((row) => row[position]));
  });
  expect(result.answers.source?.text).toBe(" Rome");
});

test("hidden states have the golden norms, and the sweep equals the naive oracle", async () => {
  const { decoder, tokenizer } = await openModel({
    path: folder,
    file: null,
    threads: 1,
    runtime: TEST_RUNTIME,
  });
  const { width, blocks } = decoder.info;
  const { target, source } = golden.demo;
  const run = await naiveRun(decoder, target.ids);
  golden.demo.target_norms.forEach((norms, k) => {
    norms.forEach((expected, position) => {
      const state = run.hidden[k]!.subarray(position * width, (position + 1) * width);
      expect(Math.abs(norm(state) - expected) / expected).toBeLessThan(1e-4);
    });
  });
  const result = await service.handle(
    "sweep",
    { ...(await experimentOf(golden.demo)), top: decoder.info.vocab },
    context(),
  );
  const sourceRun = await naiveRun(decoder, source.ids);
  for (let k = 0; k < blocks; k++) {
    const data = sourceRun.hidden[k]!.slice(source.position * width, (source.position + 1) * width);
    const vectors = { data, rows: 1, width };
    const oracle = await naiveRun(decoder, target.ids, { k, positions: [target.position], vectors });
    const row = result.rows[k]!;
    expect(row.top[0]!.id).toBe(argmax(oracle.logits));
    for (const { id, logit } of row.top) expect(Math.abs(logit - oracle.logits[id]!)).toBeLessThan(1e-4);
  }
  expect(tokenizer.tokenText(target.argmax)).toBe(" Paris");
  await decoder.close();
});
