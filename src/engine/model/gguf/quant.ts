/**
 * Maps GGML's quantised types exactly onto 4-bit MatMulNBits containers.
 *
 * A weight is `scale * (code - zero) + minimum`. Codes of up to 4 bits make one container with zero point 8. Wider codes
 * are split, `code - zero = 16 * (high - 8) + low`, into two containers that share the scales; 8-bit containers with
 * exact (fp32) sums would be several times slower. What is left over, `minimum + 8 * scale` or `minimum`, is the same
 * for a whole block of inputs and so needs only their sum.
 */
import { CODE_READERS } from "./codes/table.ts";
import type { CodeReader } from "./codes/coded-block.ts";
import { codedBlock } from "./codes/coded-block.ts";
import { PACKERS, squeeze } from "./packers.ts";
import type { PackedWeights } from "./packing.ts";
import type { GgufTypeName } from "./tensor-types.ts";
import { typeNamed } from "./tensor-types.ts";

/**
 * Packs whole rows of a tensor.
 *
 * @param bytes the rows' bytes, from an even offset of their buffer on
 * @param count rows in `bytes`
 * @param target receives them
 * @param row row of `target` that the first of them becomes
 * @throws Error for a type without a packing: callers check with {@link packingOf}
 */
export function packRows(
  type: GgufTypeName,
  bytes: Uint8Array,
  count: number,
  target: PackedWeights,
  row: number,
): void {
  const perRow = bytes.length / count;
  const pack = PACKERS[type];
  const read = CODE_READERS[type];
  if (pack) {
    const words = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    for (let i = 0; i < count; i++) pack(words, (perRow / 2) * i, target, row + i);
  } else if (read) {
    const { blockSize, blockBytes } = typeNamed(type);
    for (let i = 0; i < count; i++) {
      packRow(read, blockSize, blockBytes, bytes, perRow * i, target, row + i);
    }
  } else throw new Error(`no packer for ${type}`);
}

const block = codedBlock();
const fours = new Uint32Array(block.codes.buffer);

/** Packs one row through the codes of its blocks; types that many files have are packed without this detour. */
function packRow(
  read: CodeReader,
  blockSize: number,
  blockBytes: number,
  bytes: Uint8Array,
  from: number,
  { codes, low, scales, minimums, packing, inner, rows }: PackedWeights,
  row: number,
): void {
  const groups = blockSize / packing.blockSize;
  const groupsPerRow = inner / packing.blockSize;
  for (let first = 0, at = from; first < groupsPerRow; first += groups, at += blockBytes) {
    read(bytes, at, block);
    for (let group = 0; group < groups; group++) {
      scales[row * groupsPerRow + first + group] = block.scales[group]!;
      if (minimums) minimums[(first + group) * rows + row] = block.minimums[group]!;
    }
    const to = (row * inner + first * packing.blockSize) / 4;
    for (let t = 0; t < blockSize / 4; t++) {
      const four = fours[t]!;
      if (low) {
        low[to + t] = squeeze(four & 0x0f0f0f0f);
        codes[to + t] = squeeze((four >>> 4) & 0x0f0f0f0f);
      } else codes[to + t] = squeeze(four);
    }
  }
}
