/** The ONNX back end: an ordinary decoder export as stages, each a small session on the weights in the user's file. */
import { maxAbsDifference } from "../../difference.ts";
import type { Matrix } from "../../matrix.ts";
import { SwapError } from "../../../shared/errors.ts";
import { usualCost } from "../cost.ts";
import type {
  Ability,
  BlockContext,
  BlockOutput,
  DecoderDevice,
  DecoderInfo,
  DecoderModel,
  KeyValue,
  States,
  WholeComparison,
} from "../decoder.ts";
import type { DeviceStates, StateDevice } from "../device-states.ts";
import type { Part } from "../identity.ts";
import { onnxWeightFactor } from "../memory.ts";
import type { Analysis } from "./analysis.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { analyse, stageCuts } from "./analysis.ts";
import { withTriedAttention } from "./attention/check.ts";
import { attentionReading, weightsOfLast } from "./attention/weights.ts";
import { checkCausal } from "./causality.ts";
import type { ModelConfig } from "./config.ts";
import { cacheShapeOf, contextLengthOf, headsOf, slidingWindowOf } from "./config.ts";
import type { RunShape } from "./feeds.ts";
import { LOGITS, TOKEN_IDS } from "./names.ts";
import { OpenStages } from "./open-stages.ts";
import { onnxParts } from "./parts.ts";
import { TRIED_POSITIONS, keyValueBytes, whyPrefixFails } from "./prefix/check.ts";
import type { PrefixForm } from "./prefix/past.ts";
import { planPrefix, prefixForms } from "./prefix/plan.ts";
import type { SharedRun } from "./prefix/run.ts";
import { runKeyValue, runSharedBlock, runSharedOnDevice } from "./prefix/run.ts";
import type { FeedSettings, OpenStage } from "./stage-session.ts";
import { STAGE_INPUT } from "./stage.ts";
import { failing, graphFeeds, openStage, runStage, runStageByRow } from "./stage-session.ts";

/** What to open. */
export interface OnnxOptions {
  /** Absolute path of the graph. */
  readonly file: string;
  /** Parsed `config.json`, or null when there is none. */
  readonly config: ModelConfig | null;
  readonly runtime: Runtime;
}

/** A decoder that knows its files. */
interface OnnxFileDecoder extends DecoderModel {
  /** What makes its numbers. */
  readonly parts: readonly Part[];
}

/** Comparing means loading the weights twice for a moment; above this the stages stand alone. */
const MOST_WHOLE_BYTES = 3 * 2 ** 30;
/** For `info.notes`. */
const FORMS: Readonly<Record<PrefixForm, string>> = {
  cache: "through the graph's own cache",
  "own-queries": "prepended to the projections of keys and values",
  "all-queries": "prepended to the projections of keys and values, attention asked by all positions",
};
const WHOLE_IDS = [1, 2, 3, 4];
/** fp16 graphs keep more precision inside than a cut shows (fixtures: up to 0.017). */
const WHOLE_TOLERANCE = { float: 1e-4, half: 5e-2 };

/**
 * Opens an ONNX decoder: reads the graph, cuts it at its residual stream, makes one session for each stage.
 *
 * @throws SwapError `not-a-model`, `truncated-file`, `missing-external-data`, `not-a-decoder`, `unsupported-model`
 */
export async function openOnnxDecoder(options: OnnxOptions): Promise<OnnxFileDecoder> {
  const analysis = analyse(options.file, options.config);
  let stages: OpenStages | null = null;
  try {
    stages = await OpenStages.open(analysis, options.runtime);
    const decoder = await withTriedPrefix(options, analysis, stages);
    await checkCausal(decoder, options.file);
    return new OnnxDecoder(options, analysis, stages, await withTriedAttention(decoder));
  } catch (error) {
    await stages?.close();
    analysis.weights.close();
    throw error;
  }
}

/** With the first plan for sharing a prefix that holds when tried; else without, and a note why. */
async function withTriedPrefix(
  options: OnnxOptions,
  analysis: Analysis,
  stages: OpenStages,
): Promise<OnnxDecoder> {
  const window = options.config && slidingWindowOf(options.config);
  const why: string[] = [];
  for (const form of prefixForms(analysis, window !== null && window >= TRIED_POSITIONS)) {
    const plan = planPrefix(analysis, form);
    if (typeof plan === "string") {
      why.push(plan);
      continue;
    }
    try {
      await stages.openBlocks(plan);
      const decoder = await OnnxDecoder.create(
        options,
        analysis,
        stages,
        true,
        `shared prefix: ${FORMS[form]}`,
      );
      const misfit = await whyPrefixFails(decoder);
      if (misfit === null) {
        const { cost } = decoder.info;
        const working = { ...cost.working, keyValue: await keyValueBytes(decoder) };
        return new OnnxDecoder(options, analysis, stages, { ...decoder.info, cost: { ...cost, working } });
      }
      why.push(misfit);
    } catch (error) {
      if (!(error instanceof SwapError)) throw error;
      why.push(error.message);
    }
  }
  await stages.openBlocks(null);
  const reason = [...new Set(why)].join("; ");
  return OnnxDecoder.create(options, analysis, stages, { reason }, `shared prefix: no, ${reason}`);
}

class OnnxDecoder implements OnnxFileDecoder {
  readonly info: DecoderInfo;
  readonly parts: readonly Part[];
  readonly device: DecoderDevice | null;
  readonly #options: OnnxOptions;
  readonly #analysis: Analysis;
  readonly #stages: OpenStages;
  readonly #feeds: FeedSettings;
  /** The graph was exported for a batch of one. */
  readonly #singleRows: boolean;

  constructor(options: OnnxOptions, analysis: Analysis, stages: OpenStages, info: DecoderInfo) {
    this.#options = options;
    this.#analysis = analysis;
    this.#stages = stages;
    this.#feeds = {
      cache: cacheShapeOf(options.config),
      productRows: options.runtime.productRows,
      file: options.file,
    };
    this.#singleRows = analysis.wiring.inputs.get(TOKEN_IDS)?.dims?.[0] === 1;
    this.info = info;
    const states = this.#singleRows ? null : stages.device;
    this.device = states && {
      states,
      block: (k, given, context) => this.#blockOnDevice(states, k, given, context),
    };
    this.parts = onnxParts(analysis, options.config);
  }

  /** Width and vocabulary are measured on one token: files leave them symbolic, and configs may belong elsewhere. */
  static async create(
    options: OnnxOptions,
    analysis: Analysis,
    stages: OpenStages,
    sharePrefix: Ability,
    prefixNote: string,
  ): Promise<OnnxDecoder> {
    const { model, cuts, numeric, can, notes } = analysis;
    const { weightBytes } = stages;
    const config = options.config;
    const architecture =
      typeof config?.model_type === "string" ? config.model_type : model.producer || "onnx";
    const unmeasured: DecoderInfo = {
      architecture,
      blocks: cuts.boundaries.length - 1,
      width: 0,
      vocab: 0,
      contextLength: config ? contextLengthOf(config) : null,
      numeric: numeric.text,
      precision: numeric.precision,
      cut: `${cuts.method}; ${cuts.boundaries.length} boundaries`,
      can: { ...can, sharePrefix },
      // Known with the width, below.
      cost: usualCost(0),
      memoryBytes:
        weightBytes * onnxWeightFactor(numeric.precision === "half", numeric.isPacked, numeric.isInt8),
      notes: [...notes, prefixNote],
    };
    const probe = new OnnxDecoder(options, analysis, stages, unmeasured);
    const { width } = await probe.embed([0]);
    const cost = usualCost(width, headsOf(config));
    const measured = new OnnxDecoder(options, analysis, stages, { ...unmeasured, width, cost });
    const head = await measured.logits({ data: new Float32Array(width), rows: 1, width });
    return new OnnxDecoder(options, analysis, stages, { ...unmeasured, width, cost, vocab: head.width });
  }

  async embed(ids: readonly number[]): Promise<States> {
    const data = await this.#run(this.#stages.embed, { rows: 1, ids, positions: ids.length }, null);
    return { data, rows: 1, positions: ids.length, width: data.length / ids.length };
  }

  async block(k: number, states: States, context: BlockContext): Promise<BlockOutput> {
    const { skipAttention = false } = context;
    if (skipAttention && this.info.can.skipAttention !== true)
      throw new Error("an ONNX block was asked to skip attention that cannot be told apart");
    const stage = this.#stages.block(k);
    const shared = this.#sharedRun();
    if (shared) return runSharedBlock(stage, states, context, shared);
    if (context.start > 0) throw new Error("an ONNX block was asked to share a position prefix");
    const { rows, positions } = states;
    const shape = { rows, ids: context.ids, positions, skipsAttention: skipAttention };
    return { states: { ...states, data: await this.#run(stage, shape, states.data) } };
  }

  /** Attention is skipped on the host alone: its rows run at few positions. */
  async #blockOnDevice(
    device: StateDevice,
    k: number,
    states: DeviceStates,
    context: BlockContext,
  ): Promise<DeviceStates> {
    const stage = this.#stages.block(k);
    const shared = this.#sharedRun();
    if (shared) return runSharedOnDevice(stage, device, states, context, shared);
    const { rows, positions } = states;
    const feeds = graphFeeds(stage, { rows, ids: context.ids, positions }, this.#feeds);
    const run = stage.session.runKept!({ ...feeds, [STAGE_INPUT]: states.tensor });
    return { ...states, tensor: await failing(run, this.#options.file) };
  }

  async keyValue(k: number, states: States, start: number): Promise<KeyValue> {
    const shared = this.#sharedRun();
    if (!shared) throw new Error("an ONNX block was asked for keys and values alone");
    return runKeyValue(await this.#stages.keyValue(k), states, start, shared);
  }

  #sharedRun(): SharedRun | null {
    const { plan } = this.#stages;
    return plan && { form: plan.form, settings: this.#feeds, singleRows: this.#singleRows };
  }

  async attention(k: number, states: States, ids: readonly number[]): Promise<Matrix> {
    const { wiring, cuts, paths } = this.#analysis;
    const reading = attentionReading(wiring, paths[k]!);
    if (typeof reading === "string") throw new Error(`block ${k} gives no attention weights: ${reading}`);
    const toType = reading.type === undefined ? {} : { toType: reading.type };
    const cut = { ...stageCuts(cuts)[k + 1]!, to: reading.value, ...toType };
    const stage = await openStage(this.#analysis, reading.wiring, cut, this.#options.runtime);
    try {
      const { positions } = states;
      const { data, dims } = await runStage(stage, { rows: 1, ids, positions }, states.data, this.#feeds);
      return weightsOfLast(data, dims, positions, reading.isScores);
    } finally {
      await stage.session.release();
    }
  }

  async logits(states: Matrix): Promise<Matrix> {
    // Each state is a prompt of one token, so that graphs that keep only the last position keep them all. A single row
    // is doubled: a product with one row takes another kernel, and its last bits would depend on the batch.
    const rows = Math.max(2, states.rows);
    const input = new Float32Array(rows * states.width);
    input.set(states.data);
    if (states.rows === 1) input.set(states.data, states.width);
    const data = await this.#run(this.#stages.head, { rows, ids: [], positions: 1 }, input);
    const width = data.length / rows;
    return { data: data.subarray(0, states.rows * width), rows: states.rows, width };
  }

  async compareWithWhole(): Promise<WholeComparison> {
    const { whole, cuts } = this.#analysis;
    const tolerance = WHOLE_TOLERANCE[this.info.precision];
    if (this.info.memoryBytes > MOST_WHOLE_BYTES) {
      return {
        maxAbsDiff: null,
        tolerance,
        note: "the whole graph was not loaded beside its stages: too large",
      };
    }
    const everything = { from: null, to: LOGITS, sameShape: cuts.sameShape, barriers: new Set<string>() };
    const stage = await openStage(this.#analysis, whole, everything, this.#options.runtime);
    try {
      const ids = WHOLE_IDS.map((id) => Math.min(id, this.info.vocab - 1));
      const expected = await this.#run(stage, { rows: 1, ids, positions: ids.length }, null);
      const actual = await this.#staged(ids);
      const last = expected.subarray(expected.length - this.info.vocab);
      return {
        maxAbsDiff: maxAbsDifference(actual, last),
        tolerance,
        note: "the whole graph on a four-token prompt",
      };
    } finally {
      await stage.session.release();
    }
  }

  async close(): Promise<void> {
    await this.#stages.close();
    this.#analysis.weights.close();
  }

  /** Logits of a prompt's last position by the stages. */
  async #staged(ids: readonly number[]): Promise<Float32Array> {
    let states = await this.embed(ids);
    for (let k = 0; k < this.info.blocks; k++)
      states = (await this.block(k, states, { ids, start: 0 })).states;
    const last = states.data.subarray((ids.length - 1) * states.width);
    return (await this.logits({ data: last, rows: 1, width: states.width })).data;
  }

  /** Graphs exported for a batch of one take their rows one by one. */
  async #run(stage: OpenStage, shape: RunShape, states: Float32Array | null): Promise<Float32Array> {
    if (this.#singleRows && states && shape.rows > 1) return runStageByRow(stage, shape, states, this.#feeds);
    return (await runStage(stage, shape, states, this.#feeds)).data;
  }
}
