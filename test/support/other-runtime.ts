/** A runtime beside the native one: on a model it gives PyTorch's goldens, and for every condition what the native one gives. */
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxAbsDifference } from "../../src/engine/difference.ts";
import { planRows } from "../../src/engine/intervene/planned-rows.ts";
import { argmax } from "../../src/engine/matrix.ts";
import type { OpenedModel } from "../../src/engine/open.ts";
import { openModel } from "../../src/engine/open.ts";
import { promptGround } from "../../src/engine/pass/batch-layout.ts";
import { batchesOf } from "../../src/engine/pass/batches.ts";
import { uncancelled } from "../../src/engine/pass/control.ts";
import { logSumExp } from "../../src/engine/pass/readout.ts";
import { runPatchedRows } from "../../src/engine/pass/staircase.ts";
import { runUnpatched } from "../../src/engine/pass/unpatched-run.ts";
import type { Condition } from "../../src/shared/condition/condition.ts";
import { smallestK } from "../../src/shared/condition/condition.ts";
import type { RuntimeName } from "../../src/shared/experiment/runtime.ts";
import { runtimeTolerance } from "../../src/shared/experiment/runtime.ts";
import type { Fixture, GoldenRow, Tolerance } from "./models/fixtures.ts";
import { readGolden, toleranceOf } from "./models/fixtures.ts";
import { conditionsOn } from "./properties/conditions-on.ts";
import { testFor } from "./test-for.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** As the goldens' tests on the native runtime. */
const EXACT = { logits: 2e-4, hidden: 1e-4, margin: 0 };

/** What is run: prompts, the swapped position, and goldens of some rows by condition. */
export interface Subject {
  readonly name: string;
  readonly path: string;
  readonly target: readonly number[];
  readonly source: readonly number[];
  readonly position: number;
  readonly tolerance: Tolerance;
  readonly golden: readonly { readonly condition: Condition; readonly rows: readonly Row[] }[];
}

/** All logits, or the largest ones by id. */
type Row = Pick<GoldenRow, "k" | "argmax"> & { readonly logits: readonly (readonly [number, number])[] };

function swapOf(target: number, source: number): Condition {
  return { kind: "swap", align: null, pairs: [{ target, source: [source] }], sourceLayer: null, strength: 1 };
}

/** A fixture; of a lossy graph its own sweep, else what PyTorch gives. */
export function fixtureSubject({ name, folder }: Fixture): Subject {
  const golden = readGolden({ name, folder });
  const [target] = golden.targets as [(typeof golden.targets)[number]];
  const positions = target.input_ids.slice(0, -1).map((_, i) => i);
  const rowsOf = (rows: readonly GoldenRow[]): Row[] =>
    rows.map((row) => ({ ...row, logits: row.logits.map((logit, id) => [id, logit] as const) }));
  const isGguf = name.startsWith("gguf_");
  const swap = swapOf(target.tpos, golden.source.spos);
  return {
    name,
    path: path.join(folder, isGguf ? "model.gguf" : golden.model_file),
    target: target.input_ids,
    source: golden.source.input_ids,
    position: target.tpos,
    tolerance: isGguf ? EXACT : toleranceOf(name, golden),
    golden:
      golden.lossy && !isGguf
        ? [{ condition: swap, rows: rowsOf(target.ort_cut_sweep!) }]
        : [
            { condition: swap, rows: rowsOf(target.sweep) },
            { condition: { kind: "freeze", positions }, rows: rowsOf(target.freeze) },
            { condition: { kind: "skip-attention" }, rows: rowsOf(target.skip_attention) },
          ],
  };
}

/** The embedded model's demo. */
export function embeddedSubject(): Subject {
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
    tolerance: EXACT,
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
  mostBlocks: number,
): Promise<Float32Array[]> {
  const { target, source } = subject;
  const { info } = decoder;
  const unpatched = await runUnpatched(decoder, target, uncancelled());
  const layers = { from: Math.max(smallestK(condition.kind), info.blocks - mostBlocks), to: info.blocks - 1 };
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

function logProbabilities(logits: Float32Array): Float32Array {
  const total = logSumExp(logits);
  return logits.map((logit) => logit - total);
}

/** What was measured on a model: largest differences of any logit of the golden's rows. */
export interface Measured {
  /** The numeric mode, for people. */
  readonly numeric: string;
  readonly native: number;
  readonly other: number;
  readonly between: number;
  /** Largest difference of any log-probability between the two. */
  readonly nats: number;
}

/** How much is run, and who looks on. */
interface Options {
  /** The last k alone, so many; all by default. */
  readonly mostBlocks?: number;
  /** Tokens of the target where the native numbers are what is expected; 0: no condition runs. */
  readonly conditionTokens: number;
  readonly opened?: (model: OpenedModel, native: OpenedModel) => void;
  readonly measured?: (measured: Measured) => void;
}

/** The tests of a model on a runtime. */
export function otherRuntimeSuite(runtime: RuntimeName, subject: Subject, options: Options): void {
  const { mostBlocks = Infinity, conditionTokens } = options;
  describe(subject.name, () => {
    let model: OpenedModel;
    let native: OpenedModel;
    beforeAll(async () => {
      const asked = { path: subject.path, file: null, threads: 1 };
      native = await openModel({ ...asked, runtime: "native" });
      model = await openModel({ ...asked, runtime });
    });
    afterAll(async () => {
      await model.decoder.close();
      await native.decoder.close();
    });

    test(`opens on ${runtime}`, () => {
      expect(model.runtime).toMatchObject({ name: runtime, asked: runtime, fault: null });
      options.opened?.(model, native);
    });

    test("gives the goldens", async () => {
      const largest = { native: 0, other: 0, between: 0, nats: 0 };
      const note = (key: keyof typeof largest, difference: number): void => {
        largest[key] = Math.max(largest[key], difference);
      };
      for (const { condition, rows } of subject.golden) {
        const expected = rows.slice(-mostBlocks);
        const got = await rowsOf(model, subject, condition, mostBlocks);
        const beside = await rowsOf(native, subject, condition, mostBlocks);
        expect(got.length).toBe(expected.length);
        for (const [i, { argmax: answer, logits }] of expected.entries()) {
          const [first, second] = logits.map(([, logit]) => logit).sort((a, b) => b - a);
          if (first! - second! > subject.tolerance.margin)
            expect(argmax(got[i]!), `${condition.kind} at row ${i}`).toBe(answer);
          note("between", maxAbsDifference(got[i]!, beside[i]!));
          note("nats", maxAbsDifference(logProbabilities(got[i]!), logProbabilities(beside[i]!)));
          for (const [id, logit] of logits) {
            note("other", Math.abs(got[i]![id]! - logit));
            note("native", Math.abs(beside[i]![id]! - logit));
          }
        }
      }
      options.measured?.({ numeric: model.decoder.info.numeric, ...largest });
      expect(largest.other).toBeLessThan(subject.tolerance.logits);
      // What comparing sessions allows.
      expect(Math.max(largest.nats, largest.between)).toBeLessThan(runtimeTolerance(runtime, "native"));
    });

    testFor(conditionTokens > 0)(
      "gives every condition as the native runtime does, and an identity patch to the last bit",
      async () => {
        const target = subject.target.slice(0, conditionTokens);
        const short = { ...subject, target };
        const position = Math.min(subject.position, target.length - 2);
        for (const condition of conditionsOn(target.length, subject.source.length, position)) {
          const got = await rowsOf(model, short, condition, mostBlocks);
          const expected = await rowsOf(native, short, condition, mostBlocks);
          const difference = Math.max(...got.map((logits, i) => maxAbsDifference(logits, expected[i]!)));
          expect(difference, condition.kind).toBeLessThan(subject.tolerance.logits);
        }
      },
    );
  });
}
