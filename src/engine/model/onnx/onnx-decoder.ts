/** The ONNX back end: an ordinary decoder export as stages, each a small session on the weights in the user's file. */
import type { Matrix } from "../../../shared/matrix.ts";
import type {
  BlockContext,
  BlockOutput,
  DecoderInfo,
  DecoderModel,
  States,
  WholeComparison,
} from "../decoder.ts";
import type { Analysis } from "./analysis.ts";
import { analyse, stageCuts } from "./analysis.ts";
import { withTriedAttention } from "./attention-check.ts";
import { attentionReading, weightsOfLast } from "./attention-weights.ts";
import { checkCausal } from "./causality.ts";
import type { ModelConfig } from "./config.ts";
import { cacheShapeOf, contextLengthOf, workingMemory } from "./config.ts";
import type { RunShape } from "./feeds.ts";
import type { FeedSettings, OpenStage } from "./stage-session.ts";
import { openStage, runStage, runStageByRow } from "./stage-session.ts";

/** What to open. */
export interface OnnxOptions {
  /** Absolute path of the graph. */
  readonly file: string;
  /** Parsed `config.json`, or null when there is none. */
  readonly config: ModelConfig | null;
  readonly threads: number;
}

/** Comparing means loading the weights twice for a moment; above this the stages stand alone. */
const MOST_WHOLE_BYTES = 3 * 2 ** 30;
const WHOLE_IDS = [1, 2, 3, 4];
/** fp16 graphs keep more precision inside than a cut shows (fixtures: up to 0.017). */
const WHOLE_TOLERANCE = { float: 1e-4, half: 5e-2 };

/**
 * Opens an ONNX decoder: reads the graph, cuts it at its residual stream, makes one session for each stage.
 *
 * @throws SwapError `not-a-model`, `truncated-file`, `missing-external-data`, `not-a-decoder`, `unsupported-model`
 */
export async function openOnnxDecoder(options: OnnxOptions): Promise<DecoderModel> {
  const analysis = analyse(options.file, options.config);
  const stages: OpenStage[] = [];
  try {
    for (const cut of stageCuts(analysis.cuts))
      stages.push(await openStage(analysis, analysis.switched, cut, options.threads));
    const decoder = await OnnxDecoder.create(options, analysis, stages);
    await checkCausal(decoder, options.file);
    return new OnnxDecoder(options, analysis, stages, await withTriedAttention(decoder));
  } catch (error) {
    for (const stage of stages) await stage.session.release();
    analysis.weights.close();
    throw error;
  }
}

class OnnxDecoder implements DecoderModel {
  readonly info: DecoderInfo;
  readonly #options: OnnxOptions;
  readonly #analysis: Analysis;
  readonly #stages: readonly OpenStage[];
  readonly #feeds: FeedSettings;
  /** The graph was exported for a batch of one. */
  readonly #singleRows: boolean;

  constructor(options: OnnxOptions, analysis: Analysis, stages: readonly OpenStage[], info: DecoderInfo) {
    this.#options = options;
    this.#analysis = analysis;
    this.#stages = stages;
    this.#feeds = { cache: cacheShapeOf(options.config), file: options.file };
    this.#singleRows = analysis.wiring.inputs.get("input_ids")?.dims?.[0] === 1;
    this.info = info;
  }

  /** Width and vocabulary are measured on one token: files leave them symbolic, and configs may belong elsewhere. */
  static async create(
    options: OnnxOptions,
    analysis: Analysis,
    stages: readonly OpenStage[],
  ): Promise<OnnxDecoder> {
    const { model, cuts, numeric, skipsAttention, givesAttention, notes } = analysis;
    const weightBytes = stages.reduce((sum, stage) => sum + stage.weightBytes, 0);
    const config = options.config;
    const architecture =
      typeof config?.model_type === "string" ? config.model_type : model.producer || "onnx";
    const unmeasured: DecoderInfo = {
      architecture,
      blocks: cuts.boundaries.length - 1,
      width: 0,
      vocab: 0,
      contextLength: config ? contextLengthOf(config) : null,
      numeric,
      cut: `${cuts.method}; ${cuts.boundaries.length} boundaries`,
      sharesPrefix: false,
      skipsAttention,
      givesAttention,
      // Half floats and fused kernels round differently in other batches; each takes its own reference along.
      batchInvariant: false,
      // Measured with the width, below.
      working: { perToken: 0, perScore: 0, perPast: 0 },
      // fp16 weights are unpacked to fp32 by onnxruntime's CPU kernels.
      memoryBytes: weightBytes * (numeric.includes("fp16") && !numeric.includes("q4") ? 3 : 1),
      notes,
    };
    const probe = new OnnxDecoder(options, analysis, stages, unmeasured);
    const { width } = await probe.embed([0]);
    const working = workingMemory(width, config);
    const measured = new OnnxDecoder(options, analysis, stages, { ...unmeasured, width, working });
    const head = await measured.logits({ data: new Float32Array(width), rows: 1, width });
    return new OnnxDecoder(options, analysis, stages, { ...unmeasured, width, working, vocab: head.width });
  }

  async embed(ids: readonly number[]): Promise<States> {
    const data = await this.#run(this.#stages[0]!, { rows: 1, ids, positions: ids.length }, null);
    return { data, rows: 1, positions: ids.length, width: data.length / ids.length };
  }

  async block(k: number, states: States, context: BlockContext): Promise<BlockOutput> {
    if (context.start > 0) throw new Error("an ONNX block was asked to share a position prefix");
    const skipsAttention = context.skipAttention === true;
    if (skipsAttention && !this.info.skipsAttention)
      throw new Error("an ONNX block was asked to skip attention that cannot be told apart");
    const { rows, positions } = states;
    const shape = { rows, ids: context.ids, positions, skipsAttention };
    const data = await this.#run(this.#stages[k + 1]!, shape, states.data);
    return { states: { ...states, data } };
  }

  keyValue(): Promise<never> {
    throw new Error("an ONNX block was asked for keys and values alone");
  }

  async attention(k: number, states: States, ids: readonly number[]): Promise<Matrix> {
    const { wiring, cuts, paths } = this.#analysis;
    const reading = attentionReading(wiring, paths[k]!);
    if (typeof reading === "string") throw new Error(`block ${k} gives no attention weights: ${reading}`);
    const toType = reading.type === undefined ? {} : { toType: reading.type };
    const cut = { ...stageCuts(cuts)[k + 1]!, to: reading.value, ...toType };
    const stage = await openStage(this.#analysis, reading.wiring, cut, this.#options.threads);
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
    const data = await this.#run(this.#stages.at(-1)!, { rows, ids: [], positions: 1 }, input);
    const width = data.length / rows;
    return { data: data.subarray(0, states.rows * width), rows: states.rows, width };
  }

  async compareWithWhole(): Promise<WholeComparison> {
    const { whole, cuts } = this.#analysis;
    const tolerance = this.info.numeric.includes("fp16") ? WHOLE_TOLERANCE.half : WHOLE_TOLERANCE.float;
    if (this.info.memoryBytes > MOST_WHOLE_BYTES) {
      return {
        maxAbsDiff: null,
        tolerance,
        note: "the whole graph was not loaded beside its stages: too large",
      };
    }
    const everything = { from: null, to: "logits", sameShape: cuts.sameShape, barriers: new Set<string>() };
    const stage = await openStage(this.#analysis, whole, everything, this.#options.threads);
    try {
      const ids = WHOLE_IDS.map((id) => Math.min(id, this.info.vocab - 1));
      const expected = await this.#run(stage, { rows: 1, ids, positions: ids.length }, null);
      const actual = await this.#staged(ids);
      const last = expected.subarray(expected.length - this.info.vocab);
      return {
        maxAbsDiff: actual.reduce((max, logit, i) => Math.max(max, Math.abs(logit - last[i]!)), 0),
        tolerance,
        note: "the whole graph on a four-token prompt",
      };
    } finally {
      await stage.session.release();
    }
  }

  async close(): Promise<void> {
    for (const stage of this.#stages) await stage.session.release();
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
