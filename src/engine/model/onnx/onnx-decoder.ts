/** The ONNX back end: an ordinary decoder export as stages, each a small session on the weights in the user's file. */
import { SwapError } from "../../../shared/errors.ts";
import type { Matrix } from "../../../shared/matrix.ts";
import type {
  BlockContext,
  BlockOutput,
  DecoderInfo,
  DecoderModel,
  States,
  WholeComparison,
} from "../decoder.ts";
import type { Session } from "../ort.ts";
import { createSession, float32, floatData } from "../ort.ts";
import type { ModelConfig } from "./config.ts";
import { blocksOf, cacheShapeOf, contextLengthOf } from "./config.ts";
import { checkCausal } from "./causality.ts";
import type { CacheShape, RunShape } from "./feeds.ts";
import { feedFor } from "./feeds.ts";
import type { OnnxModel, OnnxValue } from "./graph.ts";
import { exactProducts, inlineMergedDecoder, unfuseSkipNorms } from "./normalize.ts";
import { numericMode, refuseDynamicInt8 } from "./numeric.ts";
import { readOnnx } from "./reader.ts";
import type { ResidualCuts } from "./residual.ts";
import { findResidualCuts } from "./residual.ts";
import type { Stage, StageCut } from "./stage.ts";
import { cutStage, STAGE_INPUT, STAGE_OUTPUT } from "./stage.ts";
import type { WeightSource } from "./weights.ts";
import { openWeights } from "./weights.ts";
import type { Wiring } from "./wiring.ts";
import { wiringOf } from "./wiring.ts";

/** What to open. */
export interface OnnxOptions {
  /** Absolute path of the graph. */
  readonly file: string;
  /** Parsed `config.json`, or null when there is none. */
  readonly config: ModelConfig | null;
  readonly threads: number;
}

/** A stage with its session. */
interface OpenStage {
  readonly session: Session;
  readonly inputs: readonly OnnxValue[];
}

interface Parts {
  readonly model: OnnxModel;
  /** With the rewrites that change numbers, but neither unfused nor cut: what `compareWithWhole` runs. */
  readonly whole: Wiring;
  readonly wiring: Wiring;
  readonly cuts: ResidualCuts;
  readonly weights: WeightSource;
  readonly numeric: string;
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
  const parts = analyse(options);
  const stages: OpenStage[] = [];
  try {
    let weightBytes = 0;
    for (const cut of stageCuts(parts.cuts)) {
      const stage = cutStage(parts.model, parts.wiring, cut, parts.weights);
      weightBytes += stage.weightBytes;
      stages.push(await openStage(stage, cut.to, parts, options.threads));
    }
    const decoder = await OnnxDecoder.create(options, parts, stages, weightBytes);
    await checkCausal(decoder, options.file);
    return decoder;
  } catch (error) {
    for (const stage of stages) await stage.session.release();
    parts.weights.close();
    throw error;
  }
}

function analyse({ file, config }: OnnxOptions): Parts {
  const model = readOnnx(file);
  refuseDynamicInt8(model);
  const inlined = inlineMergedDecoder(model.graph);
  const { graph, rewritten } = exactProducts(inlined);
  const wiring = wiringOf(unfuseSkipNorms(graph));
  const cuts = findResidualCuts(wiring, config ? blocksOf(config) : null, file);
  const weights = openWeights({ ...model, graph });
  return {
    model,
    whole: wiringOf(graph),
    wiring,
    cuts,
    weights,
    numeric: numericMode(wiring, cuts, rewritten),
  };
}

/** Embed, blocks in order, head. */
function stageCuts({ boundaries, embedding, sameShape }: ResidualCuts): StageCut[] {
  const barriers = new Set([embedding, ...boundaries]);
  const between = (from: string | null, to: string): StageCut => ({ from, to, sameShape, barriers });
  return [
    between(null, boundaries[0]!),
    ...boundaries.slice(1).map((to, k) => between(boundaries[k]!, to)),
    between(boundaries.at(-1)!, "logits"),
  ];
}

async function openStage(
  stage: Stage,
  to: string,
  { model, weights }: Parts,
  threads: number,
): Promise<OpenStage> {
  try {
    const session = await createSession(stage.model, { threads, externalFolder: weights.folder });
    return { session, inputs: stage.inputs };
  } catch (cause) {
    throw new SwapError(
      "unsupported-model",
      `onnxruntime does not take the part of ${model.file} up to ${to}.`,
      "It may use operators or number types that the CPU cannot run; try another export (fp32 or q4). The log has the details.",
      { cause },
    );
  }
}

class OnnxDecoder implements DecoderModel {
  readonly info: DecoderInfo;
  readonly #options: OnnxOptions;
  readonly #parts: Parts;
  readonly #stages: readonly OpenStage[];
  readonly #cache: CacheShape;
  /** The graph was exported for a batch of one. */
  readonly #singleRows: boolean;

  private constructor(options: OnnxOptions, parts: Parts, stages: readonly OpenStage[], info: DecoderInfo) {
    this.#options = options;
    this.#parts = parts;
    this.#stages = stages;
    this.#cache = cacheShapeOf(options.config);
    this.#singleRows = parts.wiring.inputs.get("input_ids")?.dims?.[0] === 1;
    this.info = info;
  }

  /** Width and vocabulary are measured on one token: files leave them symbolic, and configs may belong elsewhere. */
  static async create(
    options: OnnxOptions,
    parts: Parts,
    stages: readonly OpenStage[],
    weightBytes: number,
  ): Promise<OnnxDecoder> {
    const { model, cuts, weights, numeric } = parts;
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
      // fp16 weights are unpacked to fp32 by onnxruntime's CPU kernels.
      memoryBytes: weightBytes * (numeric.includes("fp16") && !numeric.includes("q4") ? 3 : 1),
      notes: notesOf(parts, weights),
    };
    const probe = new OnnxDecoder(options, parts, stages, unmeasured);
    const { width } = await probe.embed([0]);
    const measured = new OnnxDecoder(options, parts, stages, { ...unmeasured, width });
    const head = await measured.logits({ data: new Float32Array(width), rows: 1, width });
    return new OnnxDecoder(options, parts, stages, { ...unmeasured, width, vocab: head.width });
  }

  async embed(ids: readonly number[]): Promise<States> {
    const data = await this.#run(this.#stages[0]!, { rows: 1, ids, positions: ids.length }, null);
    return { data, rows: 1, positions: ids.length, width: data.length / ids.length };
  }

  async block(k: number, states: States, context: BlockContext): Promise<BlockOutput> {
    if (context.start > 0) throw new Error("an ONNX block was asked to share a position prefix");
    const { rows, positions } = states;
    const data = await this.#run(this.#stages[k + 1]!, { rows, ids: context.ids, positions }, states.data);
    return { states: { ...states, data } };
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
    const { model, whole, weights, cuts } = this.#parts;
    const tolerance = this.info.numeric.includes("fp16") ? WHOLE_TOLERANCE.half : WHOLE_TOLERANCE.float;
    if (this.info.memoryBytes > MOST_WHOLE_BYTES) {
      return {
        maxAbsDiff: null,
        tolerance,
        note: "the whole graph was not loaded beside its stages: too large",
      };
    }
    const everything = { from: null, to: "logits", sameShape: cuts.sameShape, barriers: new Set<string>() };
    const stage = cutStage(model, whole, everything, weights);
    const opened = await openStage(stage, "logits", this.#parts, this.#options.threads);
    try {
      const ids = WHOLE_IDS.map((id) => Math.min(id, this.info.vocab - 1));
      const expected = await this.#run(opened, { rows: 1, ids, positions: ids.length }, null);
      const actual = await this.#staged(ids);
      const last = expected.subarray(expected.length - this.info.vocab);
      return {
        maxAbsDiff: actual.reduce((max, logit, i) => Math.max(max, Math.abs(logit - last[i]!)), 0),
        tolerance,
        note: "the whole graph on a four-token prompt",
      };
    } finally {
      await opened.session.release();
    }
  }

  async close(): Promise<void> {
    for (const stage of this.#stages) await stage.session.release();
    this.#parts.weights.close();
  }

  /** Logits of a prompt's last position by the stages. */
  async #staged(ids: readonly number[]): Promise<Float32Array> {
    let states = await this.embed(ids);
    for (let k = 0; k < this.info.blocks; k++)
      states = (await this.block(k, states, { ids, start: 0 })).states;
    const last = states.data.subarray((ids.length - 1) * states.width);
    return (await this.logits({ data: last, rows: 1, width: states.width })).data;
  }

  /** Runs a stage on all rows; graphs exported for a batch of one take them one by one. */
  async #run(stage: OpenStage, shape: RunShape, states: Float32Array | null): Promise<Float32Array> {
    if (!this.#singleRows || shape.rows === 1) return this.#runRows(stage, shape, states);
    const size = states!.length / shape.rows;
    const outputs: Float32Array[] = [];
    for (let row = 0; row < shape.rows; row++) {
      const part = states!.subarray(row * size, (row + 1) * size);
      outputs.push(await this.#runRows(stage, { ...shape, rows: 1 }, part));
    }
    const data = new Float32Array(outputs[0]!.length * shape.rows);
    outputs.forEach((output, row) => {
      data.set(output, row * output.length);
    });
    return data;
  }

  async #runRows(stage: OpenStage, shape: RunShape, states: Float32Array | null): Promise<Float32Array> {
    const feeds = Object.fromEntries(
      stage.inputs.map((input) => [input.name, feedFor(input, shape, this.#cache, this.#options.file)]),
    );
    if (states) {
      const width = states.length / (shape.rows * shape.positions);
      feeds[STAGE_INPUT] = float32(states, [shape.rows, shape.positions, width]);
    }
    return floatData(await stage.session.run(feeds), STAGE_OUTPUT);
  }
}

function notesOf({ model, cuts }: Parts, weights: WeightSource): string[] {
  const opsets = model.opsets.map(({ domain, version }) => `${domain || "ai.onnx"} ${version}`);
  return [
    `producer ${model.producer || "unknown"}, IR ${model.irVersion}, opsets ${opsets.join(", ")}`,
    `file of ${model.size} bytes` +
      (weights.dataFiles.length > 0
        ? `, external data in ${weights.dataFiles.join(", ")}`
        : ", weights inside"),
    `block inputs: ${cuts.boundaries.join(", ")}`,
  ];
}
