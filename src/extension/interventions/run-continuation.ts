/** The run of a continuation: what the model goes on to say, unpatched and after the patched prompt of one k. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
import { promptOf } from "../../shared/experiment/experiment.ts";
import type { ContinuationReply } from "../../shared/protocol/engine.ts";
import type { Continuations } from "../../shared/experiment/run.ts";
import type { Intervention } from "./records.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Generates after the prompt of an intervention's sweep, for all seeds of one k.
 *
 * @param tokens most tokens to generate
 * @throws SwapError `usage` when the sweep has no row of that k
 */
export async function runContinuation(
  context: RunContext,
  { id }: Intervention,
  k: number,
  tokens: number,
): Promise<void> {
  const { store, supervisor, signal } = context;
  const sweep = store.intervention(id)?.sweep;
  const rows = (sweep?.rows ?? [])
    .filter((row) => row.k === k)
    .map(({ seed }) => ({ k, seed: seed ?? null }));
  if (!sweep || rows.length === 0) {
    throw new SwapError(
      "usage",
      l10n.t("There is no result for k = {0} yet.", k),
      l10n.t("Run the sweep first."),
    );
  }
  const { target, source, condition } = sweep.inputs;
  const label = l10n.t("Continuations at k = {0}", k);
  context.progress(label, 0, rows.length);
  const reply = await supervisor.request(
    "continuation",
    {
      target: promptOf(target.tokenization),
      source: source && promptOf(source.read.tokenization),
      condition,
      rows,
      tokens,
    },
    {
      signal,
      onProgress: (progress) => {
        if (progress.kind === "step") context.progress(label, progress.done, progress.total);
      },
    },
  );
  store.updateSweep(sweep.run, ({ continuations }) => ({
    continuations: withContinuation(continuations, reply, tokens),
  }));
}

/** Continuations with those of more k; ones of another length make room. */
function withContinuation(
  before: Continuations | null,
  { scope, baseline, rows }: ContinuationReply,
  tokens: number,
): Continuations {
  const ks = new Set(rows.map(({ k }) => k));
  const kept = before?.tokens === tokens ? before.rows.filter(({ k }) => !ks.has(k)) : [];
  const all = [...kept, ...rows].sort((a, b) => a.k - b.k || (a.seed ?? 0) - (b.seed ?? 0));
  return { scope, tokens, baseline, rows: all };
}
