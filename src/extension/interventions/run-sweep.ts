/** The run of a sweep: one condition over a range of k, its rows put in the store as they come. */
import * as l10n from "@vscode/l10n";
import type { Condition } from "../../shared/condition/condition.ts";
import { smallestK, takesSource } from "../../shared/condition/condition.ts";
import { toErrorData } from "../../shared/errors.ts";
import type { AnswerRequest, LayerRange } from "../../shared/experiment/experiment.ts";
import { promptOf } from "../../shared/experiment/experiment.ts";
import type { Params } from "../../shared/protocol/engine.ts";
import type { SweepRow } from "../../shared/experiment/result.ts";
import { rowShapes } from "../../shared/experiment/row-shape.ts";
import { conditionNow } from "./condition-now.ts";
import { layersFor } from "./layers.ts";
import type { Intervention, RunInputs, SweepRun } from "./records.ts";
import { begun } from "./runs.ts";
import type { RunContext } from "./run-context.ts";
import { answersAsked, throwIfEnded } from "./run-context.ts";

/** Answers listed in each row. */
export const TOP = 10;

/**
 * Runs the sweep of an intervention in the store.
 *
 * @throws SwapError; from the engine's start on it is kept with the run too
 */
export async function runSweep(context: RunContext, intervention: Intervention): Promise<void> {
  const { store, supervisor, signal } = context;
  const { id } = intervention;
  const inputs = inputsOf(intervention);
  const run = store.newId();
  store.update(id, (now) => begun(now, startedSweep(run, inputs, now.sweep)));
  const update = (change: (sweep: SweepRun) => Partial<SweepRun>): void => {
    store.updateSweep(run, change);
  };
  try {
    const model = await supervisor.open();
    const { blocks } = model;
    throwIfEnded(context);
    const layers = layersFor(store.state.layers, blocks, smallestK(inputs.condition.kind));
    const planned = rowShapes(inputs.condition, layers).length;
    update(() => ({ model, layers, total: planned }));
    const label = sweepLabel(inputs.condition, layers);
    // One count for the line, the panel and the status bar.
    let done = 0;
    const progress = (now: number, total: number): void => {
      done = Math.max(done, now);
      context.progress(label, done, total);
    };
    progress(0, planned);
    const answers = await answersAsked(context, inputs.setup.answers, inputs.target);
    update(() => ({ request: answers }));
    const params = sweepParams(inputs, layers, answers);
    context.expect((await supervisor.request("plan", { sweep: params, grid: null })).expectedMs);
    const reply = await supervisor.request("sweep", params, {
      signal,
      onProgress: (event) => {
        if (event.kind === "baseline") {
          update(() => ({ baseline: event.top, answers: event.answers }));
        } else if (event.kind === "row") {
          const { row, total } = event;
          progress(event.done, total);
          update(({ rows }) => ({ rows: withRow(rows, row), answers: event.answers, total, done }));
        } else if (event.kind === "step") {
          // Rows of one batch come out together: until then the work done stands for them.
          progress(Math.floor((event.done / event.total) * planned), planned);
          update(() => ({ done }));
        }
      },
    });
    const { rows, baseline, flip, lens, timing } = reply;
    const whole = { rows, total: rows.length, baseline, answers: reply.answers, flip, lens };
    update(() => ({ ...whole, runMs: timing.runMs, state: "complete" }));
    store.settle(run);
    store.set({ hasRun: true });
  } catch (error) {
    update(() => ({ state: "partial", failure: toErrorData(error) }));
    store.settle(run);
    throw error;
  }
}

/** The request for a sweep. */
export function sweepParams(
  { target, source, condition }: Pick<RunInputs, "target" | "source" | "condition">,
  layers: LayerRange,
  answers: AnswerRequest,
): Params<"sweep"> {
  return {
    target: promptOf(target.tokenization),
    source: source && promptOf(source.read.tokenization),
    condition,
    layers,
    answers,
    top: TOP,
    lens: true,
  };
}

/** Rows with one more in its place by k, then seed. */
export function withRow(rows: readonly SweepRow[], row: SweepRow): SweepRow[] {
  const others = rows.filter(({ k, seed }) => k !== row.k || seed !== row.seed);
  return [...others, row].sort((a, b) => a.k - b.k || (a.seed ?? 0) - (b.seed ?? 0));
}

/** @throws SwapError `bad-span`, `bad-condition` when something is still to be chosen */
function inputsOf(intervention: Intervention): RunInputs {
  const { target, source, setup } = intervention;
  const condition = conditionNow(intervention);
  return { target, source: takesSource(condition.kind) ? source : null, setup, condition };
}

function startedSweep(run: number, inputs: RunInputs, before: SweepRun | null): SweepRun {
  return {
    run,
    inputs,
    model: null,
    request: null,
    layers: before?.layers ?? { from: 0, to: 0 },
    rows: [],
    total: 0,
    baseline: [],
    answers: null,
    flip: null,
    lens: null,
    continuations: null,
    controls: null,
    state: "running",
    failure: null,
    runMs: null,
    ...(before ? { before: before.run } : {}),
  };
}

function sweepLabel(condition: Condition, { from, to }: LayerRange): string {
  const blocks = to - from + 1;
  const seeds = "seeds" in condition ? condition.seeds.length : 1;
  if (seeds === 1) {
    return blocks === 1 ? l10n.t("Sweep over 1 layer") : l10n.t("Sweep over {0} layers", blocks);
  }
  return blocks === 1
    ? l10n.t("Sweep over 1 layer, {0} seeds", seeds)
    : l10n.t("Sweep over {0} layers, {1} seeds", blocks, seeds);
}
