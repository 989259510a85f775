/** Continuations before and after: what the model goes on to say, unpatched and after patched prompts. */
import { descriptorOf, sourcePositionsOf } from "../../shared/condition/condition.ts";
import { SwapError } from "../../shared/errors.ts";
import type { ContinuationExperiment } from "../../shared/experiment/experiment.ts";
import type { ContinuationReply } from "../../shared/protocol/engine.ts";
import type { Continuation, ContinuationRow } from "../../shared/experiment/result.ts";
import { planRows } from "../intervene/planned-rows.ts";
import { checkContext, checkExperiment } from "./check.ts";
import type { Generated } from "./generate.ts";
import { generate } from "./generate.ts";
import type { RunEnvironment } from "./environment.ts";

/**
 * Runs a continuation experiment.
 *
 * @returns rows in the order in which they were asked for
 * @throws SwapError for anything that does not fit the model, `bad-condition` for a seed that the condition has not
 */
export async function runContinuation(
  experiment: ContinuationExperiment,
  environment: RunEnvironment,
): Promise<ContinuationReply> {
  const { decoder, control, textOf, emit, endIds } = environment;
  const { target, source, condition, tokens } = experiment;
  const ks = experiment.rows.map(({ k }) => k);
  const layers = { from: Math.min(...ks), to: Math.max(...ks) };
  checkExperiment({ target, source, condition, layers: ks.length > 0 ? layers : null }, decoder.info);
  checkContext(target.ids.length + tokens, decoder.info);
  const unpatched = await environment.unpatchedRun(target.ids, control);
  const readUpTo = Math.max(-1, ...sourcePositionsOf(condition));
  const sourceRun =
    source && readUpTo >= 0
      ? await environment.unpatchedRun(source.ids.slice(0, 1 + readUpTo), control)
      : null;
  const limits = { tokens, endIds };
  const written = ({ ids, endedBy }: Generated): Continuation => ({
    ids,
    text: generatedText(ids, textOf),
    endedBy,
  });
  const baseline = written(await generate(decoder, unpatched, null, limits, control));
  const rows: ContinuationRow[] = [];
  for (const { k, seed } of experiment.rows) {
    const planned = planRows(condition, { from: k, to: k }, { unpatched, source: sourceRun });
    const row = planned.find((one) => one.seed === seed);
    if (!row) {
      throw new SwapError(
        "bad-condition",
        `The condition ${condition.kind} has no row at k = ${k}${seed === null ? " without a seed" : ` with the seed ${seed}`}.`,
        "Ask for a row of the sweep.",
      );
    }
    rows.push({ ...written(await generate(decoder, unpatched, row, limits, control)), k, seed });
    emit({ kind: "step", label: "Continuations", done: rows.length, total: experiment.rows.length });
  }
  return {
    scope: descriptorOf(condition.kind).acts === "skips-attention" ? "every-step" : "prompt",
    baseline,
    rows,
  };
}

/** The text of generated tokens, where a character may be several of them. */

/** Joins the tokens' texts; runs of byte tokens (`<0xF0>`) become the characters that they spell. */
export function generatedText(ids: readonly number[], textOf: (id: number) => string): string {
  return ids
    .map(textOf)
    .join("")
    .replace(/(?:<0x[0-9A-F]{2}>)+/g, (bytes) => {
      const values = [...bytes.matchAll(/<0x([0-9A-F]{2})>/g)].map(([, hex]) => Number.parseInt(hex!, 16));
      return new TextDecoder().decode(Uint8Array.from(values));
    });
}
