/** Reads a sweep's batches against the two answers: named, or found on the way; by first token or whole. */
import { descriptorOf } from "../../shared/condition/condition.ts";
import { argmax } from "../matrix.ts";
import type { Answers, Experiment } from "../../shared/experiment/experiment.ts";
import type { MetricField } from "../../shared/experiment/metrics.ts";
import type { SweepRow } from "../../shared/experiment/result.ts";
import { checkContext } from "./check.ts";
import type { UnpatchedRun } from "../states.ts";
import { generate } from "./generate.ts";
import { extendedIds, restLogprobs } from "./likelihood.ts";
import type { Readout, RestLogprobs } from "./outcomes.ts";
import { answerOf, readLogits } from "./outcomes.ts";
import { distributionOf, klDivergence, referenceOf, topTokens } from "./readout.ts";
import type { BatchOutput } from "./batch-output.ts";
import type { PatchedRow } from "../intervene/patched-row.ts";
import type { RunEnvironment } from "./environment.ts";

/** Two ends closer than this, in nats, make no scale for a recovery. */
const LEAST_SPAN = 1e-6;

/** State of one sweep's reading: its answers, and each seed's difference at the smallest k. */
export class RowReader {
  readonly #experiment: Experiment;
  readonly #environment: RunEnvironment;
  readonly #unpatched: UnpatchedRun;
  #answers: Answers;
  /** The measure that recovery scales, at the first row of each seed. */
  readonly #first = new Map<number | null, number>();
  #isFirst = true;

  private constructor(
    experiment: Experiment,
    environment: RunEnvironment,
    unpatched: UnpatchedRun,
    answers: Answers,
  ) {
    this.#experiment = experiment;
    this.#environment = environment;
    this.#unpatched = unpatched;
    this.#answers = answers;
  }

  /**
   * Names the target's answer: the user's, else what the unpatched prompt answers.
   *
   * @param baseline `[vocab]`
   * @throws SwapError `prompt-too-long` when prompt and answer do not fit the model's context
   */
  static async create(
    experiment: Experiment,
    environment: RunEnvironment,
    unpatched: UnpatchedRun,
    baseline: Float32Array,
  ): Promise<RowReader> {
    const { answers, target } = experiment;
    const { info } = environment.decoder;
    for (const named of [answers.target, answers.source]) {
      if (named && answers.scoring === "likelihood") checkContext(target.ids.length + named.ids.length, info);
    }
    const found =
      answers.target ?? (await foundAnswer(experiment, environment, unpatched, null, argmax(baseline)));
    return new RowReader(experiment, environment, unpatched, { target: found, source: answers.source });
  }

  /** As far as they are known: the source's comes with the first row. */
  get answers(): Answers {
    return this.#answers;
  }

  /** Rows of a batch, in its order. The first batch must begin with the smallest k. */
  async read(batch: readonly PatchedRow[], output: BatchOutput): Promise<SweepRow[]> {
    if (this.#isFirst) await this.#findSource(batch[0]!, output.rows[0]!.logits);
    this.#isFirst = false;
    const {
      top,
      answers: { scoring },
    } = this.#experiment;
    const rest = scoring === "likelihood" ? await this.#rest(batch) : null;
    const reference = referenceOf(output.unpatched.logits);
    const unpatched = readLogits(reference.logits, this.#answers, scoring, rest?.[0], reference.total);
    return batch.map(({ k, seed }, i): SweepRow => {
      const { logits, deltaNorm } = output.rows[i]!;
      const { total, entropy } = distributionOf(logits);
      const read = readLogits(logits, this.#answers, scoring, rest?.[1 + i], total);
      const metrics: Required<Pick<SweepRow, MetricField>> = {
        targetLogprob: read.targetLogprob,
        sourceLogprob: read.sourceLogprob,
        logitDifference: read.logitDifference,
        rankOfTarget: read.rankOfTarget,
        rankOfSource: read.rankOfSource,
        klToBaseline: klDivergence(reference, logits, total),
        recovery: this.#recovery(seed, measureOf(read), measureOf(unpatched)),
        deltaNorm,
        entropy,
      };
      return {
        k,
        outcome: read.outcome,
        top: topTokens(logits, top, this.#environment.textOf, total),
        ...metrics,
        ...(seed === null ? {} : { seed }),
      };
    });
  }

  #recovery(seed: number | null, value: number, unpatched: number): number | null {
    const first = this.#first.get(seed) ?? value;
    this.#first.set(seed, first);
    const span = first - unpatched;
    return Math.abs(span) < LEAST_SPAN ? null : (value - unpatched) / span;
  }

  /** Not every condition puts in something that has an answer of its own; what gives the target's answer names none. */
  async #findSource(row: PatchedRow, logits: Float32Array): Promise<void> {
    const { condition } = this.#experiment;
    if (this.#answers.source || !descriptorOf(condition.kind).hasAnswer) return;
    const source = await foundAnswer(
      this.#experiment,
      this.#environment,
      this.#unpatched,
      row,
      argmax(logits),
    );
    if (String(source.ids) !== String(this.#answers.target.ids)) this.#answers = { ...this.#answers, source };
  }

  /** What the answers' later tokens add, for the unpatched prompt and each row of the batch. */
  async #rest(batch: readonly PatchedRow[]): Promise<RestLogprobs[]> {
    const { decoder, control, unpatchedRun, limits } = this.#environment;
    const prompt = this.#unpatched.ids;
    const side = async (answer: Answers["source"]): Promise<readonly number[]> => {
      const ids = answer && extendedIds(prompt, answer);
      if (!ids) return new Array<number>(1 + batch.length).fill(0);
      const extended = await unpatchedRun(ids, control);
      return restLogprobs(decoder, extended, batch, answer, prompt.length, control, limits);
    };
    const target = await side(this.#answers.target);
    const source = await side(this.#answers.source);
    return target.map((value, i) => ({ target: value, source: source[i]! }));
  }
}

/** The answer that a run gives: its most likely token, or with `likelihood` as many greedy tokens as were asked for. */
async function foundAnswer(
  { answers: { scoring, tokens } }: Experiment,
  { decoder, textOf, endIds, control }: RunEnvironment,
  unpatched: UnpatchedRun,
  row: PatchedRow | null,
  best: number,
): Promise<Answers["target"]> {
  if (scoring === "next-token" || tokens === 1) return answerOf([best], textOf);
  checkContext(unpatched.ids.length + tokens, decoder.info);
  const { ids } = await generate(decoder, unpatched, row, { tokens, endIds }, control);
  // A model that ends its text at once has answered with the ending token.
  return answerOf(ids.length > 0 ? ids : [best], textOf);
}

/** What recovery measures: the difference of the answers, or without a source answer how unlikely the target's is. */
function measureOf({ logitDifference, targetLogprob }: Readout): number {
  return logitDifference ?? -targetLogprob;
}
