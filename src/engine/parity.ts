/** Parity of a runtime with the CPU: what a model's first and last block and its head give there beside what they give here. */
import type { Matrix } from "./matrix.ts";
import { norm, row } from "./matrix.ts";
import type { DecoderDevice, DecoderModel, States } from "./model/decoder.ts";
import { firstPositions } from "./pass/unpatched-run.ts";

/**
 * Largest allowed share of a state's length that its difference may have: G11 of docs/invariants.md, which stages of a file must
 * keep to its whole graph. Measured on a software adapter: 2e-6 (fp32 and 4-bit). Half floats end after 11 bits.
 */
export const PARITY_TOLERANCE = { float: 1e-4, half: 5e-2 } as const;

const IDS = [1, 2, 3, 4];
/** Positions of {@link IDS} that the blocks also read as a prefix. */
const PREFIX = 2;

/** Inputs and outputs of stages, of one prompt. */
export interface ParitySample {
  readonly ids: readonly number[];
  readonly embedded: States;
  /** Of the first and the last block, by k. */
  readonly blocks: readonly { readonly k: number; readonly input: States; readonly output: States }[];
  readonly logits: Matrix;
}

/** Runs the prompt on the CPU and keeps what is compared. */
export async function paritySample(decoder: DecoderModel): Promise<ParitySample> {
  const { blocks, vocab } = decoder.info;
  const ids = IDS.map((id) => Math.min(id, vocab - 1));
  const embedded = await decoder.embed(ids);
  const kept: ParitySample["blocks"][number][] = [];
  let states = embedded;
  for (let k = 0; k < blocks; k++) {
    const input = states;
    states = (await decoder.block(k, input, { ids, start: 0 })).states;
    if (k === 0 || k === blocks - 1) kept.push({ k, input, output: states });
  }
  return { ids, embedded, blocks: kept, logits: await decoder.logits(rowsOf(states)) };
}

/**
 * The same stages on the same inputs, the blocks also behind a shared prefix where the model shares one, and with their states on the
 * device where these can stay there.
 *
 * @returns largest difference of any state or logit row, as a share of its length
 */
export async function parityWith(decoder: DecoderModel, sample: ParitySample): Promise<number> {
  const { ids, embedded, blocks, logits } = sample;
  const differences = [difference(rowsOf(await decoder.embed(ids)), rowsOf(embedded))];
  for (const { k, input, output } of blocks) {
    const shares = decoder.info.can.sharePrefix === true;
    const whole = await decoder.block(k, input, { ids, start: 0, recordKeyValue: shares });
    differences.push(difference(rowsOf(whole.states), rowsOf(output)));
    if (decoder.device)
      for (const states of await onDevice(decoder.device, k, input, ids))
        differences.push(difference(rowsOf(states), rowsOf(output)));
    if (!whole.keyValue) continue;
    const past = firstPositions(whole.keyValue, PREFIX);
    const behind = await decoder.block(k, behindPrefix(input), { ids, start: PREFIX, past });
    differences.push(difference(rowsOf(behind.states), rowsOf(behindPrefix(output))));
  }
  const { output } = blocks.at(-1)!;
  differences.push(difference(await decoder.logits(rowsOf(output)), logits));
  return Math.max(...differences);
}

/** The block on two rows that never leave the device: copies of one that lacks its first vector, which is put in there. */
async function onDevice(
  { states, block }: DecoderDevice,
  k: number,
  input: States,
  ids: readonly number[],
): Promise<States[]> {
  const { data, width } = input;
  const vector = data.slice(0, width);
  const lacking = await states.take({ ...input, data: data.slice().fill(0, 0, width) }, [0, 0]);
  const whole = await states.put(
    lacking,
    [0, 1].map((row) => ({ row, position: 0, vector })),
  );
  const output = await block(k, whole, { ids, start: 0 });
  const read = await states.read(output, [...ids.keys()]);
  for (const { tensor } of [lacking, whole, output]) tensor.release();
  return [0, 1].map((row) => ({ ...input, data: read.slice(row * data.length, (row + 1) * data.length) }));
}

function behindPrefix({ data, rows, positions, width }: States): States {
  return { data: data.slice(PREFIX * width), rows, positions: positions - PREFIX, width };
}

/** One row of states as a matrix. */
function rowsOf({ data, positions, width }: States): Matrix {
  return { data, rows: positions, width };
}

/** NaN where any number is. */
function difference(actual: Matrix, expected: Matrix): number {
  const shares = Array.from({ length: expected.rows }, (_, i) => {
    const wanted = row(expected, i);
    return norm(row(actual, i).map((value, j) => value - wanted[j]!)) / norm(wanted);
  });
  return Math.max(...shares);
}
