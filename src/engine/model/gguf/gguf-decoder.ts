/** A GGUF decoder behind the model boundary: a stage for each block and one for the head. */
import { SwapError } from "../../../shared/errors.ts";
import type { Matrix } from "../../matrix.ts";
import type {
  BlockContext,
  BlockOutput,
  BlockReads,
  DecoderDevice,
  DecoderInfo,
  DecoderModel,
  KeyValue,
  PlannedClimb,
  States,
  WholeComparison,
} from "../decoder.ts";
import type { DeviceStates } from "../device-states.ts";
import { StateDevice } from "../device-states.ts";
import type { Outputs, Runtime, Tensor } from "../runtime/runtime.ts";
import { float32, floatData, int64 } from "../runtime/runtime.ts";
import { addAttentionWeights } from "./attention-graph.ts";
import { BlockRotations } from "./block-rotations.ts";
import type { BlockFeeds } from "./block-feeds.ts";
import { blockFeeds } from "./block-feeds.ts";
import { compareWithReference } from "./compare-with-reference.ts";
import type { DecoderStages } from "./decoder-stages.ts";
import { decoderStages, weightBytes } from "./decoder-stages.ts";
import { describeDecoder } from "./decoder-info.ts";
import { embeddings } from "./embeddings.ts";
import type { Family } from "./families/family.ts";
import { FAMILIES } from "./families/table.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { readHyperparameters, windowOf } from "./hyperparameters.ts";
import { PositionInputs } from "./position-inputs.ts";
import { causalMask, rotaryTables } from "./position-tables.ts";
import type { GgufFile } from "./reader.ts";
import { paddedRows, withMoreRows } from "../runtime/row-padding.ts";
import type { Climb } from "./residence.ts";
import { Residence } from "./residence.ts";
import { roomForStages } from "./room.ts";
import { WeightScratch } from "./stage-graph.ts";
import type { StagePlan, StageSettings } from "./stage-session.ts";
import { createStageSession } from "./stage-session.ts";
import { TensorSource } from "./tensor-source.ts";
import type { DecoderWeights } from "./weights.ts";
import { collectWeights, scoreProductsOf } from "./weights.ts";

/** What opening needs. */
export interface OpenGgufOptions {
  readonly gguf: GgufFile;
  readonly runtime: Runtime;
  /** Families that are known; those of the table without it. */
  readonly families?: readonly Family[];
  /** Most bytes that the engine may hold: where that is too little, stages are opened when they run. Absent: no limit. */
  readonly memory?: number;
}

/**
 * Opens a decoder. Quantised weights are laid out anew in one scratch buffer, session after session, and dropped;
 * nothing is written to disk.
 *
 * @throws SwapError `unsupported-architecture`, `unsupported-model`, `unsupported-tensor-type`, `not-a-decoder`,
 *   `engine-failed`, `not-enough-memory`
 */
export async function openGgufDecoder(options: OpenGgufOptions): Promise<DecoderModel> {
  const { gguf, runtime, families = FAMILIES, memory = Infinity } = options;
  const shape = readHyperparameters(gguf, families);
  const weights = collectWeights(gguf, shape);
  const stages = decoderStages(shape, weights);
  const settings: StageSettings = { file: gguf.path, source: new TensorSource(), runtime };
  // What stays on a device belongs to the session that made it: there, sessions stay too.
  const room = runtime.keepsOutputs ? null : roomForStages(gguf.path, stages, memory);
  const residence = new Residence(settings, room ?? Infinity, shape.blocks + 1);
  try {
    if (room === null) await openAll(residence, stages);
    const device = await StateDevice.open(runtime);
    const info = describeDecoder(gguf, shape, weights, { allBytes: weightBytes(stages), room }, runtime);
    return new GgufDecoder(info, shape, weights, stages, settings, residence, device);
  } catch (error) {
    await residence.close();
    settings.source.close();
    throw error;
  }
}

async function openAll(residence: Residence, { blocks, head }: DecoderStages): Promise<void> {
  for (const plan of [...blocks, head]) await residence.session(plan);
  residence.trim();
}

class GgufDecoder implements DecoderModel {
  readonly info: DecoderInfo;
  readonly device: DecoderDevice | null;
  readonly reads: BlockReads | null;
  readonly #shape: Hyperparameters;
  readonly #weights: DecoderWeights;
  readonly #source: TensorSource;
  readonly #settings: StageSettings;
  readonly #stages: DecoderStages;
  readonly #residence: Residence;
  readonly #rotations: BlockRotations;
  readonly #positionInputs = new PositionInputs();

  constructor(
    info: DecoderInfo,
    shape: Hyperparameters,
    weights: DecoderWeights,
    stages: DecoderStages,
    settings: StageSettings,
    residence: Residence,
    device: StateDevice | null,
  ) {
    const { source } = settings;
    this.info = info;
    this.#shape = shape;
    this.#weights = weights;
    this.#source = source;
    this.#settings = settings;
    this.#stages = stages;
    this.#residence = residence;
    this.reads = info.onDemand ? blockReads(residence, stages) : null;
    this.device = device && {
      states: device,
      block: (k, states, context) => this.#blockOnDevice(device, k, states, context),
    };
    this.#rotations = new BlockRotations(source, shape, weights);
  }

  async embed(ids: readonly number[]): Promise<States> {
    const data = embeddings(this.#source, this.#shape, this.#weights, ids);
    const { width } = this.#shape;
    return Promise.resolve({ data, rows: 1, positions: ids.length, width });
  }

  async block(k: number, states: States, context: BlockContext): Promise<BlockOutput> {
    const { width, keyValueHeads, headWidth, valueWidth } = this.#shape;
    const { rows, positions } = states;
    const { batch, wanted, feeds } = this.#feedsOf(k, states, context);
    const outputs = await this.#run(
      this.#stages.blocks[k]!,
      { ...feeds, states: float32(withMoreRows(states.data, rows, batch - rows), [batch, positions, width]) },
      context.recordKeyValue ? ["next", "present_key", "present_value"] : ["next"],
    );
    const next = floatData(outputs, "next");
    const data = batch > rows ? next.slice(0, rows * wanted * width) : next;
    const result = { data, rows, positions: wanted, width };
    if (!context.recordKeyValue) return { states: result };
    const ofRow0 = (name: string): Float32Array => {
      const data = floatData(outputs, name);
      const recorded = outputs[name]!.dims[0]!;
      return recorded === 1 ? data : data.slice(0, data.length / recorded);
    };
    const [key, value] = [ofRow0("present_key"), ofRow0("present_value")];
    const axes = { rows: 1, heads: keyValueHeads, positions: context.start + positions };
    return { states: result, keyValue: { key, value, ...axes, headWidth, valueWidth } };
  }

  #feedsOf(k: number, states: Omit<States, "data">, context: BlockContext): BlockFeeds {
    const { productRows } = this.#settings.runtime;
    const rotation = this.#rotations.of(k, context.ids.length);
    return blockFeeds(this.#shape, this.#positionInputs, rotation, productRows, k, states, context);
  }

  async #blockOnDevice(
    device: StateDevice,
    k: number,
    states: DeviceStates,
    context: BlockContext,
  ): Promise<DeviceStates> {
    const { batch, wanted, feeds } = this.#feedsOf(k, states, context);
    const plan = this.#stages.blocks[k]!;
    const session = await this.#residence.session(plan);
    const tensor = await device.padded(states, batch, (given) =>
      engineFailing(plan.what, session.runKept!({ ...feeds, states: given })),
    );
    return { ...states, tensor, positions: wanted };
  }

  async keyValue(k: number, states: States, start: number, tokens: number): Promise<KeyValue> {
    const { keyValueHeads, headWidth, valueWidth } = this.#shape;
    const { rows, positions, width } = states;
    const batch = paddedRows(rows, positions, positions, this.#settings.runtime.productRows);
    const data = withMoreRows(states.data, rows, batch - rows);
    const { offset, cos, sin } = this.#positionInputs.feeds(
      start,
      positions,
      positions,
      windowOf(this.#shape, k),
      this.#rotations.of(k, tokens),
    );
    const feeds = { states: float32(data, [batch, positions, width]), offset, cos, sin };
    const outputs = await this.#run(this.#stages.keyValues[k]!, feeds, ["key", "value"]);
    const size = rows * keyValueHeads * positions;
    const key = floatData(outputs, "key").subarray(0, size * headWidth);
    const value = floatData(outputs, "value").subarray(0, size * valueWidth);
    return { key, value, rows, heads: keyValueHeads, positions, headWidth, valueWidth };
  }

  async attention(k: number, states: States, ids: readonly number[]): Promise<Matrix> {
    const { positions, width } = states;
    if (states.rows !== 1 || positions !== ids.length) throw new Error("attention is for one whole prompt");
    const block = this.#weights.blocks[k]!;
    const rotation = this.#rotations.of(k, positions);
    const { cos, sin } = rotaryTables(rotation, positions);
    const tableDims = [positions, rotation.frequencies.length];
    const what = `attention of block ${k}`;
    const session = await createStageSession(this.#settings, new WeightScratch(), {
      what,
      linears: scoreProductsOf(block),
      build: (graph) => {
        addAttentionWeights(graph, this.#shape, block);
      },
    });
    try {
      const feeds = {
        states: float32(states.data, [1, positions, width]),
        offset: int64([0], [1]),
        cos: float32(cos, tableDims),
        sin: float32(sin, tableDims),
        mask: float32(causalMask(positions - 1, 1, windowOf(this.#shape, k)), [1, positions]),
      };
      const outputs = await engineFailing(what, session.run(feeds, ["weights"]));
      return { data: floatData(outputs, "weights"), rows: this.#shape.heads, width: positions };
    } finally {
      await session.release();
    }
  }

  async logits(states: Matrix): Promise<Matrix> {
    const { width, vocab } = this.#shape;
    const batch = paddedRows(states.rows, 1, 1, this.#settings.runtime.productRows);
    const data = withMoreRows(states.data, states.rows, batch - states.rows);
    const feeds = { states: float32(data, [1, batch, width]) };
    const all = floatData(await this.#run(this.#stages.head, feeds, ["logits"]), "logits");
    const logits = batch > states.rows ? all.slice(0, states.rows * vocab) : all;
    return { data: logits, rows: states.rows, width: vocab };
  }

  async compareWithWhole(): Promise<WholeComparison> {
    return compareWithReference(this, this.#source, this.#shape, this.#weights, this.#rotations);
  }

  async close(): Promise<void> {
    await this.device?.states.close();
    await this.#residence.close();
    this.#source.close();
  }

  async #run(
    plan: StagePlan,
    feeds: Readonly<Record<string, Tensor>>,
    outputs: readonly string[],
  ): Promise<Outputs> {
    const session = await this.#residence.session(plan);
    return engineFailing(plan.what, session.run(feeds, outputs));
  }
}

function blockReads(residence: Residence, { blocks, head, keyValues }: DecoderStages): BlockReads {
  const stagesOf = ({ from, keyValuesFrom, hasHead }: PlannedClimb): Climb => [
    ...blocks.flatMap((block, k) => {
      if (k < from) return [];
      return k < keyValuesFrom ? [block] : [keyValues[k]!, block];
    }),
    ...(hasHead ? [head] : []),
  ];
  return {
    get bytesRead() {
      return residence.bytesRead;
    },
    bytesToRead: (climbs) => residence.bytesToRead(climbs.map(stagesOf)),
  };
}

/** @throws SwapError `engine-failed`, naming `what` */
async function engineFailing<T>(what: string, run: Promise<T>): Promise<T> {
  try {
    return await run;
  } catch (cause) {
    const subject = what.charAt(0).toUpperCase() + what.slice(1);
    throw new SwapError("engine-failed", `${subject} failed to run.`, "Try a shorter prompt or fewer rows.", {
      cause,
    });
  }
}
