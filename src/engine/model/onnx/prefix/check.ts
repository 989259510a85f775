/** Tries at load whether blocks on a shared position prefix give what whole prompts give. */
import { maxRelativeDifference } from "../../../difference.ts";
import type { DecoderModel, KeyValue, States } from "../../decoder.ts";

const IDS = [5, 1, 4, 2, 3, 6];
/** Length of the prompt that is tried. */
export const TRIED_POSITIONS = IDS.length;
const STARTS = [1, 4];
const ROWS = 3;

/** Relative to the largest value of a block's output; half floats round otherwise where sums are cut otherwise. */
const TOLERANCE = { float: 1e-4, half: 2e-2 };

/**
 * Why a decoder that shares prefixes must not, or null: each block is run on rows behind the unpatched prefix, and on the
 * same rows as whole prompts.
 */
export async function whyPrefixFails(decoder: DecoderModel): Promise<string | null> {
  const { blocks, vocab, precision } = decoder.info;
  const tolerance = TOLERANCE[precision];
  const ids = IDS.map((id) => Math.min(id, vocab - 1));
  let unpatched = await decoder.embed(ids);
  for (let k = 0; k < blocks; k++) {
    try {
      const whole = await decoder.block(k, unpatched, { ids, start: 0, recordKeyValue: true });
      const found = await blockDifference(decoder, k, ids, unpatched, whole.keyValue!);
      if (!(found.difference <= tolerance))
        return `block ${k} differs by ${found.difference} behind ${found.what}`;
      unpatched = whole.states;
    } catch {
      return `block ${k} does not run behind a prefix`;
    }
  }
  return null;
}

/** Bytes of one position's keys and values in a block, as they are recorded; the first block stands for all. */
export async function keyValueBytes(decoder: DecoderModel): Promise<number> {
  const ids = [0];
  const context = { ids, start: 0, recordKeyValue: true };
  const { keyValue } = await decoder.block(0, await decoder.embed(ids), context);
  return keyValue!.key.byteLength + keyValue!.value.byteLength;
}

async function blockDifference(
  decoder: DecoderModel,
  k: number,
  ids: readonly number[],
  unpatched: States,
  recorded: KeyValue,
): Promise<{ difference: number; what: string }> {
  let worst = { difference: 0, what: "" };
  const note = (difference: number, what: string): void => {
    // Nothing is larger than a NaN, so one that was noted stays.
    if (difference > worst.difference || Number.isNaN(difference)) worst = { difference, what };
  };
  for (const start of STARTS) {
    const rows = patchedRows(unpatched, start);
    const expected = (await decoder.block(k, rows, { ids, start: 0 })).states;
    const past = prefixOf(recorded, start);
    const actual = await decoder.block(k, behind(rows, start), { ids, start, past });
    note(
      maxRelativeDifference(actual.states.data, behind(expected, start).data),
      `${start} shared positions`,
    );
    // Only freeze asks for it, and a session of its own loads weights: the first block stands for all.
    if (k > 0) continue;
    const own = await decoder.keyValue(k, behind(unpatched, start), start, unpatched.positions);
    const rest = keysBehind(recorded, start);
    note(maxRelativeDifference(own.key, rest.key), `${start} positions, in its keys`);
    note(maxRelativeDifference(own.value, rest.value), `${start} positions, in its values`);
  }
  return worst;
}

/** The unpatched row, and others that differ from it behind the prefix. */
function patchedRows({ data, positions, width }: States, start: number): States {
  const all = new Float32Array(ROWS * data.length);
  for (let r = 0; r < ROWS; r++) {
    const factor = 1 - r;
    all.set(
      data.map((value, i) => (i < start * width || r === 0 ? value : (factor || 0.5) * value)),
      r * data.length,
    );
  }
  return { data: all, rows: ROWS, positions, width };
}

/** Positions from `start` on of each row. */
export function behind({ data, rows, positions, width }: States, start: number): States {
  const out = new Float32Array(rows * (positions - start) * width);
  for (let r = 0; r < rows; r++) {
    const row = data.subarray((r * positions + start) * width, (r + 1) * positions * width);
    out.set(row, r * row.length);
  }
  return { data: out, rows, positions: positions - start, width };
}

function prefixOf(all: KeyValue, count: number): KeyValue {
  return { ...all, ...cut(all, 0, count), rows: 1, positions: count };
}

/** The keys and values of one row, positions from `start` on. */
export function keysBehind(all: KeyValue, start: number): Pick<KeyValue, "key" | "value"> {
  return cut(all, start, all.positions);
}

/** Positions `from` to `to` of each head. */
function cut({ key, value, heads, positions, headWidth }: KeyValue, from: number, to: number) {
  const of = (data: Float32Array): Float32Array => {
    const size = (to - from) * headWidth;
    const out = new Float32Array(heads * size);
    for (let head = 0; head < heads; head++) {
      const offset = (head * positions + from) * headWidth;
      out.set(data.subarray(offset, offset + size), head * size);
    }
    return out;
  };
  return { key: of(key), value: of(value) };
}
