/**
 * The WebGPU runtime on a software adapter: the embedded model, an ONNX export and a 4-bit GGUF file open on it, give PyTorch's
 * goldens, and every condition gives what it gives on the CPU.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Condition } from "../../src/shared/condition/condition.ts";
import { smallestK } from "../../src/shared/condition/condition.ts";
import { maxAbsDifference } from "../../src/engine/difference.ts";
import { argmax } from "../../src/engine/matrix.ts";
import type { OpenedModel } from "../../src/engine/open.ts";
import { openModel } from "../../src/engine/open.ts";
import { planRows } from "../../src/engine/intervene/planned-rows.ts";
import { PARITY_TOLERANCE } from "../../src/engine/parity.ts";
import { promptGround } from "../../src/engine/pass/batch-layout.ts";
import { batchesOf } from "../../src/engine/pass/batches.ts";
import { uncancelled } from "../../src/engine/pass/control.ts";
import { runPatchedRows } from "../../src/engine/pass/staircase.ts";
import { runUnpatched } from "../../src/engine/pass/unpatched-run.ts";
import type { GoldenRow } from "../support/models/fixtures.ts";
import { readGolden } from "../support/models/fixtures.ts";
import { conditionsOn } from "../support/properties/conditions-on.ts";
import { useSoftwareGpu } from "../support/software-gpu.ts";

const missing = useSoftwareGpu();
if (missing !== null)
  console.warn(`SKIPPED: WebGPU on a software adapter: ${missing} is not on this machine.`);

// Seconds of shader compilation on one core, minutes beside other work.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

/** As the goldens' tests on the CPU. */
const LOGITS = 2e-4;
/** A software adapter is slow: no more k than these, the last ones, for each condition and seed. */
const MOST_ROWS = 3;
/** Nor more tokens, where the CPU's numbers are what is expected. */
const MOST_TOKENS = 6;
const root = path.resolve(import.meta.dirname, "../..");

/** What is run: prompts, the swapped position, and goldens of some rows by condition. */
interface Subject {
  readonly name: string;
  readonly path: string;
  readonly target: readonly number[];
  readonly source: readonly number[];
  readonly position: number;
  readonly golden: readonly { readonly condition: Condition; readonly rows: readonly Row[] }[];
}

/** All logits, or the largest ones by id. */
type Row = Pick<GoldenRow, "k" | "argmax"> & { readonly logits: readonly (readonly [number, number])[] };

function swapOf(target: number, source: number): Condition {
  return { kind: "swap", align: null, pairs: [{ target, source: [source] }], sourceLayer: null, strength: 1 };
}

function fixture(name: string): Subject {
  const folder = path.join(root, "test/fixtures", name);
  const golden = readGolden({ name, folder });
  const [target] = golden.targets as [(typeof golden.targets)[number]];
  const positions = target.input_ids.slice(0, -1).map((_, i) => i);
  const rowsOf = (rows: readonly GoldenRow[]): Row[] =>
    rows.map((row) => ({ ...row, logits: row.logits.map((logit, id) => [id, logit] as const) }));
  return {
    name,
    path: path.join(folder, golden.model_file),
    target: target.input_ids,
    source: golden.source.input_ids,
    position: target.tpos,
    golden: [
      { condition: swapOf(target.tpos, golden.source.spos), rows: rowsOf(target.sweep) },
      { condition: { kind: "freeze", positions }, rows: rowsOf(target.freeze) },
      { condition: { kind: "skip-attention" }, rows: rowsOf(target.skip_attention) },
    ],
  };
}

function embedded(): Subject {
  interface Prompt {
    readonly ids: readonly number[];
    readonly position: number;
  }
  interface Golden {
    readonly demo: {
      readonly target: Prompt;
      readonly source: Prompt;
      readonly sweep: readonly {
        readonly k: number;
        readonly argmax: number;
        readonly top: readonly { readonly id: number; readonly logit: number }[];
      }[];
    };
  }
  const file = path.join(root, "test/fixtures/embedded/golden.json");
  const { target, source, sweep } = (JSON.parse(fs.readFileSync(file, "utf8")) as Golden).demo;
  return {
    name: "the embedded model",
    path: path.join(root, "media/models/countries-2m"),
    target: target.ids,
    source: source.ids,
    position: target.position,
    golden: [
      {
        condition: swapOf(target.position, source.position),
        rows: sweep.map(({ top, ...row }) => ({
          ...row,
          logits: top.map(({ id, logit }) => [id, logit] as const),
        })),
      },
    ],
  };
}

/** Logits of each row of a condition, by k and then by seed. */
async function rowsOf(
  { decoder }: OpenedModel,
  subject: Subject,
  condition: Condition,
): Promise<Float32Array[]> {
  const { target, source } = subject;
  const { info } = decoder;
  const unpatched = await runUnpatched(decoder, target, uncancelled());
  const layers = { from: Math.max(smallestK(condition.kind), info.blocks - MOST_ROWS), to: info.blocks - 1 };
  const planned = planRows(condition, layers, {
    unpatched,
    source: await runUnpatched(decoder, source, uncancelled()),
  });
  const rows: Float32Array[] = [];
  for (const batch of batchesOf(planned, promptGround({ ids: target }, info), info)) {
    const output = await runPatchedRows(decoder, unpatched, batch, uncancelled());
    rows.push(...output.rows.map(({ logits }) => logits));
    if (condition.kind === "identity")
      for (const { logits } of output.rows) expect(logits).toEqual(output.unpatched.logits);
  }
  return rows;
}

describe.skipIf(missing !== null).each([embedded(), fixture("llama__past"), fixture("gguf_llama__Q4_0")])(
  "$name",
  (subject) => {
    let model: OpenedModel;
    let cpu: OpenedModel;
    beforeAll(async () => {
      const options = { path: subject.path, file: null, threads: 1 };
      cpu = await openModel({ ...options, runtime: "native" });
      model = await openModel({ ...options, runtime: "webgpu" });
    });
    afterAll(async () => {
      await model.decoder.close();
      await cpu.decoder.close();
    });

    test("opens, and says how far it is from the CPU", () => {
      expect(model.runtime).toMatchObject({ name: "webgpu", asked: "webgpu", fault: null });
      expect(model.runtime.parity).toBeGreaterThan(0);
      expect(model.runtime.parity).toBeLessThan(PARITY_TOLERANCE.float / 10);
      expect(cpu.runtime.parity).toBeNull();
      console.log(`${subject.name}: parity ${model.runtime.parity!.toExponential(1)}`);
    });

    test("gives the goldens", async () => {
      let largest = 0;
      for (const { condition, rows } of subject.golden) {
        const got = await rowsOf(model, subject, condition);
        expect(got.length).toBe(Math.min(rows.length, MOST_ROWS));
        for (const [i, { argmax: answer, logits }] of rows.slice(-MOST_ROWS).entries()) {
          expect(argmax(got[i]!), `${condition.kind} at row ${i}`).toBe(answer);
          for (const [id, logit] of logits) largest = Math.max(largest, Math.abs(got[i]![id]! - logit));
        }
      }
      console.log(`${subject.name}: goldens within ${largest.toExponential(1)}`);
      expect(largest).toBeLessThan(LOGITS);
    });

    test("gives every condition as the CPU does, and an identity patch to the last bit", async () => {
      const target = subject.target.slice(0, MOST_TOKENS);
      const short = { ...subject, target };
      const position = Math.min(subject.position, target.length - 2);
      const largest = new Map<string, number>();
      for (const condition of conditionsOn(target.length, subject.source.length, position)) {
        const got = await rowsOf(model, short, condition);
        const expected = await rowsOf(cpu, short, condition);
        const difference = Math.max(...got.map((logits, i) => maxAbsDifference(logits, expected[i]!)));
        largest.set(condition.kind, Math.max(difference, largest.get(condition.kind) ?? 0));
        expect(difference, condition.kind).toBeLessThan(LOGITS);
      }
      console.log(
        `${subject.name}: conditions ${[...largest].map(([k, d]) => `${k} ${d.toExponential(1)}`).join(", ")}`,
      );
    });
  },
);
