/**
 * The model boundary: a decoder as stages (embed, block k, logits), whatever the file was.
 * Passes and interventions stand in front of it and know nothing about files; back ends stand behind it.
 */
import type { Matrix } from "../matrix.ts";
import type { SelfTest } from "../../shared/experiment/result.ts";

/** Hidden states `[rows, positions, width]`, row-major float32. A row is one (patched) run of the same prompt. */
export interface States {
  readonly data: Float32Array;
  readonly rows: number;
  readonly positions: number;
  readonly width: number;
}

/**
 * Keys and values of one block for positions 0..positions-1, `[rows, heads, positions, headWidth]` each. Only the axes are
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
  readonly headWidth: number;
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
  /** Keys and values of positions 0..start-1 of this block, of one row or of each; only where `info.sharesPrefix`. */
  readonly past?: KeyValue;
  /** Ask for this run's keys and values (of row 0, all positions up to the last one, `past` included). */
  readonly recordKeyValue?: boolean;
  /**
   * The attention sublayer adds nothing, its own norms and bias included, at all positions and in all rows; the
   * feed-forward sublayer stays. Only where `info.skipsAttention`. Positions are then independent of each other.
   */
  readonly skipAttention?: boolean;
  /**
   * How many positions at the end are wanted of the output, all without it; the others leave keys and values only. Only
   * where `info.trimsOutput`.
   */
  readonly wanted?: number;
}

/** Output of a block, which is the input of the next one (or of the final norm). */
export interface BlockOutput {
  /** `[rows, positions, width]`: of the input's positions, or of those at the end that were wanted. */
  readonly states: States;
  /** Present when asked for and `info.sharesPrefix`. */
  readonly keyValue?: KeyValue;
}

/** Estimated bytes that one block holds while it runs; what a batch is bounded by. */
export interface WorkingMemory {
  /** For each position of each row that runs. */
  readonly perToken: number;
  /** For each pair of such a position and one that it may look at. */
  readonly perScore: number;
  /** Keys and values of one position. */
  readonly keyValue: number;
  /** For each position of a copied prefix, in each row. */
  readonly perPast: number;
  /** Longest prefix that is copied for each row. */
  readonly copiedPast: number;
}

/** How many times as long as what runs behind it a prefix must be for its copies to outweigh the rows' own work. */
const LONG_PAST_RATIO = 16;

/** Whether a prefix of `past` positions is long beside a limit and beside the `positions` that run behind it. */
export function isLongPast(past: number, positions: number, limit: number): boolean {
  return past > limit && past >= LONG_PAST_RATIO * positions;
}

/** What a back end says of itself. */
export interface DecoderInfo {
  /** For example `llama`, `gpt2`; from the file's own metadata. */
  readonly architecture: string;
  readonly blocks: number;
  readonly width: number;
  readonly vocab: number;
  /** Longest prompt in tokens, or null when the file does not say. */
  readonly contextLength: number | null;
  readonly numeric: string;
  readonly cut: string;
  /** Whether `block` takes `past` (position-prefix sharing). */
  readonly sharesPrefix: boolean;
  /** Whether `block` takes `skipAttention`; a line of `notes` says why not. */
  readonly skipsAttention: boolean;
  /** Whether `attention` gives weights; a line of `notes` says why not. */
  readonly givesAttention: boolean;
  /**
   * Longest shared prefix, in positions, up to which a row's states are the same to the last bit whatever rows run beside
   * it and whether or not the prefix is shared; -1: they never are. Beyond, where {@link isLongPast}, each batch takes the
   * unpatched prompt along as its own reference.
   */
  readonly batchInvariantUpTo: number;
  /** Whether `block` takes `wanted`. */
  readonly trimsOutput: boolean;
  readonly working: WorkingMemory;
  /** Estimated resident bytes of the opened model. */
  readonly memoryBytes: number;
  /** Facts for `inspect`, in order: one line each. */
  readonly notes: readonly string[];
}

/** A decoder as stages. All methods may be called many times; none keeps state between calls. */
export interface DecoderModel {
  readonly info: DecoderInfo;

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
   * Keys and values that block k makes of given inputs; nothing else of the block runs. Only where `info.sharesPrefix`.
   *
   * @param states `[rows, positions, width]`, inputs of block k
   * @param start position of the states' first position
   * @returns of the states' positions, `[rows, heads, positions, headWidth]`
   */
  keyValue(k: number, states: States, start: number): Promise<KeyValue>;

  /**
   * Attention weights (after the softmax) of the last position to all positions, in block k of an unpatched run.
   * Slow: made for one look at a prompt, not for sweeps. Only where `info.givesAttention`.
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

/** How far the stages are from an independent computation. `maxAbsDiff` null: none could be made, `note` says why. */
export interface WholeComparison {
  readonly maxAbsDiff: number | null;
  readonly tolerance: number;
  readonly note: string;
}

/** An opened model as the rest of the engine sees it: the stages and what the self-test found. */
export interface CheckedModel {
  readonly decoder: DecoderModel;
  readonly selfTest: SelfTest;
}
