/** States that stay on the device between blocks: rows are taken together and vectors put in there, by three tiny graphs. */
import type { MessageWriter } from "./runtime/protobuf-writer.ts";
import { DataType, node, serializeModel, valueInfo } from "./runtime/protobuf-writer.ts";
import type { DeviceTensor, Runtime, Session } from "./runtime/runtime.ts";
import { float32, floatData, int64 } from "./runtime/runtime.ts";

/** Axes of hidden states: `[rows, positions, width]`. */
export interface StatesShape {
  readonly rows: number;
  readonly positions: number;
  readonly width: number;
}

interface HostStates extends StatesShape {
  readonly data: Float32Array;
}

/** As `States`, on the device. Whoever has them releases the tensor. */
export interface DeviceStates extends StatesShape {
  readonly tensor: DeviceTensor;
}

/** A vector, `[width]`, for one position of one row. */
export interface Put {
  readonly row: number;
  readonly position: number;
  readonly vector: Float32Array;
}

const STATES = valueInfo("states", DataType.float, ["R", "P", "W"]);

/** What states on the device can do beside running through blocks. Nothing is taken from its arguments: they stay valid. */
export class StateDevice {
  readonly #take: Session;
  readonly #put: Session;
  readonly #read: Session;

  private constructor(take: Session, put: Session, read: Session) {
    this.#take = take;
    this.#put = put;
    this.#read = read;
  }

  /** Null where states stay on the host. */
  static async open(runtime: Runtime): Promise<StateDevice | null> {
    if (!runtime.keepsOutputs) return null;
    const index = valueInfo("index", DataType.int64, ["N"]);
    const at = valueInfo("at", DataType.int64, ["N", 2]);
    const vectors = valueInfo("vectors", DataType.float, ["N", "W"]);
    const create = (operator: MessageWriter, inputs: readonly MessageWriter[], kept?: string) =>
      runtime.createSession(
        serializeModel({
          nodes: [operator],
          initializers: [],
          inputs: [STATES, ...inputs],
          outputs: [valueInfo("next", DataType.float, ["R2", "P2", "W"])],
          opsets: [{ domain: "", version: 21 }],
          irVersion: 10,
        }),
        kept === undefined ? {} : { kept },
      );
    return new StateDevice(
      await create(node("Gather", ["states", "index"], ["next"], { axis: 0 }), [index], "next"),
      await create(node("ScatterND", ["states", "at", "vectors"], ["next"]), [at, vectors], "next"),
      await create(node("Gather", ["states", "index"], ["next"], { axis: 1 }), [index]),
    );
  }

  /** Rows by index, in this order; one may be taken several times. */
  async take(states: HostStates | DeviceStates, rows: readonly number[]): Promise<DeviceStates> {
    const tensor = await this.#take.runKept!({ states: inputOf(states), index: int64(rows, [rows.length]) });
    return { tensor, rows: rows.length, positions: states.positions, width: states.width };
  }

  /** The states with vectors put in, at least one, each at a place of its own. */
  async put(states: DeviceStates, puts: readonly Put[]): Promise<DeviceStates> {
    const { width } = states;
    const vectors = new Float32Array(puts.length * width);
    puts.forEach(({ vector }, i) => {
      vectors.set(vector, i * width);
    });
    const at = puts.flatMap(({ row, position }) => [row, position]);
    const tensor = await this.#put.runKept!({
      states: states.tensor,
      at: int64(at, [puts.length, 2]),
      vectors: float32(vectors, [puts.length, width]),
    });
    return { ...states, tensor };
  }

  /** All rows at some positions, `[rows, positions, width]`, on the host. */
  async read(states: DeviceStates, positions: readonly number[]): Promise<Float32Array> {
    const index = int64(positions, [positions.length]);
    return floatData(await this.#read.run({ states: states.tensor, index }), "next");
  }

  /**
   * Runs a stage on more rows than there are: the first one again behind them, as `withMoreRows` does on the host.
   *
   * @param run gets `batch` rows, and gives its output of as many
   */
  async padded(
    states: DeviceStates,
    batch: number,
    run: (states: DeviceTensor) => Promise<DeviceTensor>,
  ): Promise<DeviceTensor> {
    const { rows } = states;
    if (batch === rows) return run(states.tensor);
    const own = Array.from({ length: rows }, (_, i) => i);
    const more = await this.take(states, [...own, ...new Array<number>(batch - rows).fill(0)]);
    try {
      const tensor = await run(more.tensor);
      try {
        return (await this.take({ ...states, tensor }, own)).tensor;
      } finally {
        tensor.release();
      }
    } finally {
      more.tensor.release();
    }
  }

  async close(): Promise<void> {
    for (const session of [this.#take, this.#put, this.#read]) await session.release();
  }
}

function inputOf(states: HostStates | DeviceStates): DeviceTensor | ReturnType<typeof float32> {
  if ("tensor" in states) return states.tensor;
  return float32(states.data, [states.rows, states.positions, states.width]);
}
