/** SmolLM2-135M-Instruct (Q4_1 blocks, Q8_0 head) and its goldens: plain PyTorch hooks on the dequantised weights. */
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";

import { expect } from "vitest";

import { argmax } from "../../../src/engine/matrix.ts";

/** Logits of the last position: the largest few. */
export interface Outcome {
  readonly argmax: number;
  /** By logit, the largest first. */
  readonly top_ids: readonly number[];
  readonly top_logits: readonly number[];
}

/** Outcome of a condition at block k; `k` counts, not the index. */
export type BlockOutcome = Outcome & { readonly k: number };

/** Conditions at positions 0..n-2 of the target. */
export interface Manipulations {
  /** Raw normal numbers `[n-1][width]`, to be scaled to the norm of the row that they replace. */
  readonly random: readonly (BlockOutcome & { readonly normal: readonly (readonly number[])[] })[];
  /** `new[p][i] = old[p][permutation[p][i]]` */
  readonly shuffle: readonly (BlockOutcome & { readonly permutation: readonly (readonly number[])[] })[];
  readonly freeze: readonly BlockOutcome[];
  readonly skip_attention: readonly BlockOutcome[];
  readonly zero: readonly BlockOutcome[];
  readonly mean: readonly BlockOutcome[];
}

/** A pair of prompts. The first case has everything. */
export interface Case {
  readonly target_ids: readonly number[];
  readonly source_ids: readonly number[];
  readonly target_position: number;
  readonly source_position: number;
  readonly baseline: Outcome;
  readonly source_run: Outcome;
  readonly sweep: readonly Outcome[];
  readonly grid_argmax?: readonly (readonly number[])[];
  readonly hidden_norms?: readonly (readonly number[])[];
  readonly hidden_at_target_position_first8?: readonly (readonly number[])[];
  readonly manipulations?: Manipulations;
}

const repository = path.resolve(import.meta.dirname, "../../..");
const shared = process.env.STATE_SWAP_FIXTURES ?? path.join(repository, "../shared/fixtures");
const goldenFile = path.join(shared, "../goldens/smollm2-dev.json");

export const modelFile = path.join(repository, "models/SmolLM2-135M-Instruct.Q4_1.gguf");

/** The files that are not there; with one missing nothing can be checked. */
export const missing: readonly string[] = [modelFile, goldenFile].filter((file) => !existsSync(file));

/** All cases; none when a file is missing, which is said aloud. */
export function readCases(): readonly Case[] {
  if (missing.length === 0) {
    return (JSON.parse(readFileSync(goldenFile, "utf8")) as { cases: readonly Case[] }).cases;
  }
  console.warn(
    `\n*** SKIPPED: the goldens of SmolLM2 are not checked. Missing: ${missing.join(", ")}. ` +
      `${missing.includes(modelFile) ? "`npm run model:smollm2` gets the model. " : ""}***\n`,
  );
  return [];
}

/** Expects the golden's top logits within the tolerance, and its argmax wherever its lead is twice that. */
export function expectOutcome(logits: Float32Array, expected: Outcome, tolerance: number): void {
  const [first, second] = expected.top_logits;
  if (first! - second! > 2 * tolerance) expect(argmax(logits)).toBe(expected.argmax);
  for (const [i, id] of expected.top_ids.entries()) {
    expect(Math.abs(logits[id]! - expected.top_logits[i]!)).toBeLessThan(tolerance);
  }
}
