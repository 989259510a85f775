/**
 * The model boundary: a decoder as stages (embed, block k, logits), whatever the file was.
 * Passes and interventions stand in front of it and know nothing about files; back ends stand behind it.
 */
import type { Matrix } from "../matrix.ts";
import type { RunCost } from "./cost.ts";
import type { DeviceStates, StateDevice, StatesShape } from "./device-states.ts";

/** Hidden states `[rows, positions, width]`, row-major float32. A row is one (patched) run of the same prompt. */
export interface States extends StatesShape {
  readonly data: Float32Array;
}

/**
 * Keys and values of one block for positions 0..positions-1, `[rows, heads, positions, …]` each. Only the axes are
 * agreed upon, so that they can be cut and joined by rows and positions; what the numbers are is the back end's own affair
 * (keys before or after rotary positions, all heads side by side as one).
 */
export interface KeyValue {
  readonly key: Float32Array;
  readonly value: Float32Array;
  /** 1: shared by all rows that read them. */
  readonly rows: number;
  readonly heads: number;
  readonly positions: number;
  /** Last axis of keys. */
  readonly headWidth: number;
  /** Last axis of values. */
  readonly valueWidth: number;
}

/** What a block must know beside its states. */
export interface BlockContext {
  /**
   * Token ids of the whole prompt from position 0 up to the last position of the states.
   * `ids.length === start + states.positions`.
   */
  readonly ids: readonly number[];
  /** Position in the prompt of the states' first position; above 0 only with `past`. */
  readonly start: number;
  /** Keys and values of positions 0..start-1 of this block, of one row or of each; only where `info.can.sharePrefix`. */
  readonly past?: KeyValue;
  /** Ask for this run's keys and values (of row 0, all positions up to the last one, `past` included). */
  readonly recordKeyValue?: boolean;
  /**
   * The attention sublayer adds nothing, its own norms and bias included, at all positions and in all rows; the
   * feed-forward sublayer stays. Only where `info.can.skipAttention`. Positions are then independent of each other.
   */
  readonly skipAttention?: boolean;
  /**
   * How many positions at the end are wanted of the output, all without it; the others leave keys and values only. Only
   * where `info.cost.trimsOutput`.
   */
  readonly wanted?: number;
}

/** Output of a block, which is the input of the next one (or of the final norm). */
export interface BlockOutput {
  /** `[rows, positions, width]`: of the input's positions, or of those at the end that were wanted. */
  readonly states: States;
  /** Present when asked for and `info.can.sharePrefix`. */
  readonly keyValue?: KeyValue;
}

/** Something that a model can do: true, or why not. */
export type Ability = true | { readonly reason: string };

/** What not every model can. */
export interface Abilities {
  /** `block` takes `past` (position-prefix sharing), and `keyValue` can be asked. */
  readonly sharePrefix: Ability;
  /** `block` takes `skipAttention`. */
  readonly skipAttention: Ability;
  /** `attention` gives weights. */
  readonly giveAttention: Ability;
}

/** What a model is. */
export interface DecoderFacts {
  /** For example `llama`, `gpt2`; from the file's own metadata. */
  readonly architecture: string;
  readonly blocks: number;
  readonly width: number;
  readonly vocab: number;
  /** Longest prompt in tokens, or null when the file does not say. */
  readonly contextLength: number | null;
  /** The numeric mode, for people. */
  readonly numeric: string;
  /** Of the states between blocks: half floats round differently where sums are cut otherwise. */
  readonly precision: "float" | "half";
  /** How the model was cut into blocks, for people. */
  readonly cut: string;
  /** Estimated resident bytes of the opened model. */
  readonly memoryBytes: number;
  /** Set where blocks are opened when they run and closed for others; null or absent: all are open. */
  readonly onDemand?: OnDemand | null;
  /** Facts for `inspect`, in order: one line each. For people: nothing is read from them. */
  readonly notes: readonly string[];
}

/** Blocks that are opened when they run. */
export interface OnDemand {
  /** Most bytes of weights that are open at once. */
  readonly heldBytes: number;
}

/** A climb through blocks as far as they are read, for {@link BlockReads}. */
export interface PlannedClimb {
  /** First block; the number of blocks: none. */
  readonly from: number;
  /** First block whose keys and values are made of given states, too; Infinity: none. */
  readonly keyValuesFrom: number;
  /** Whether the head reads what comes out. */
  readonly hasHead: boolean;
}

/** Reading of a model's file for blocks that are opened when they run. */
export interface BlockReads {
  /** Bytes so far. */
  readonly bytesRead: number;
  /** Bytes that these climbs, one behind the other, would read from now on. */
  bytesToRead(climbs: readonly PlannedClimb[]): number;
}

/** What a back end says of itself. */
export interface DecoderInfo extends DecoderFacts {
  readonly can: Abilities;
  /** Back ends that know none take `usualCost`. */
  readonly cost: RunCost;
}

/** How a line of `notes` begins that says why not. */
const INABILITIES = {
  skipAttention: "skip attention: no, ",
  giveAttention: "attention weights: none, ",
} as const;

/** Lines for `notes` of what a model cannot do. */
export function inabilityNotes(can: Pick<Abilities, keyof typeof INABILITIES>): string[] {
  return (["skipAttention", "giveAttention"] as const).flatMap((name) => {
    const ability = can[name];
    return ability === true ? [] : [INABILITIES[name] + ability.reason];
  });
}

/** A decoder as stages. All methods may be called many times; none keeps state between calls. */
export interface DecoderModel {
  readonly info: DecoderInfo;
  /** Null or absent where all blocks are in memory. */
  readonly reads?: BlockReads | null;
  /** Absent where states are on the host alone. */
  readonly device?: DecoderDevice | null;

  /**
   * Input of block 0 for a prompt: embeddings, scaled and with learned positions added where the model does so
   * (Hugging Face's `hidden_states[0]`).
   *
   * @param ids token ids, all of them from position 0
   * @returns `[1, positions, width]`
   */
  embed(ids: readonly number[]): Promise<States>;

  /**
   * Runs block k (0-based) on its input.
   *
   * @param states `[rows, positions, width]`, the input of block k; not modified
   * @returns output of block k in a buffer of its own
   */
  block(k: number, states: States, context: BlockContext): Promise<BlockOutput>;

  /**
   * Keys and values that block k makes of given inputs; nothing else of the block runs. Only where `info.can.sharePrefix`.
   *
   * @param states `[rows, positions, width]`, inputs of block k
   * @param start position of the states' first position
   * @param tokens of the whole prompt: positions of a long one may be turned otherwise
   * @returns of the states' positions, `[rows, heads, positions, …]`
   */
  keyValue(k: number, states: States, start: number, tokens: number): Promise<KeyValue>;

  /**
   * Attention weights (after the softmax) of the last position to all positions, in block k of an unpatched run.
   * Slow: made for one look at a prompt, not for sweeps. Only where `info.can.giveAttention`.
   *
   * @param states `[1, positions, width]`, the input of block k at all positions of `ids`
   * @returns `[heads, positions]`; each row sums to 1 (less where the model has an attention sink of its own)
   */
  attention(k: number, states: States, ids: readonly number[]): Promise<Matrix>;

  /**
   * Final norm and head, for chosen positions only.
   *
   * @param states `[rows, width]`: outputs of the last block at the wanted positions
   * @returns `[rows, vocab]` raw logits
   */
  logits(states: Matrix): Promise<Matrix>;

  /**
   * Compares the stages with an independent computation on a short prompt: the whole graph of the file, or a plain
   * reference. Called once, at load.
   */
  compareWithWhole(): Promise<WholeComparison>;

  close(): Promise<void>;
}

/** Where states can stay between blocks. */
export interface DecoderDevice {
  readonly states: Omit<StateDevice, "padded">;
  /** As `DecoderModel.block`, without keys and values of its own. The input is not released. */
  readonly block: (k: number, states: DeviceStates, context: BlockContext) => Promise<DeviceStates>;
}

/** How far the stages are from an independent computation. `maxAbsDiff` null: none could be made, `note` says why. */
export interface WholeComparison {
  readonly maxAbsDiff: number | null;
  readonly tolerance: number;
  readonly note: string;
}
