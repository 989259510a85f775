/**
 * Maps GGML's quantised types exactly onto 4-bit MatMulNBits containers.
 *
 * A weight is `scale * (code - zero) + minimum`. Codes of up to 4 bits make one container with zero point 8. Wider codes
 * are split, `code - zero = 16 * (high - 8) + low`, into two containers that share the scales; 8-bit containers with
 * exact (fp32) sums would be several times slower. What is left over, `minimum + 8 * scale` or `minimum`, is the same
 * for a whole block of inputs and so needs only their sum.
 */
import type { GgufTypeName } from "./tensor-types.ts";
import { PACKERS } from "./packers.ts";
import type { PackedWeights } from "./packing.ts";

/**
 * Packs whole rows of a tensor.
 *
 * @param source the rows' bytes as 16-bit words (every block has an even length)
 * @param count rows in `source`
 * @param target receives them
 * @param row row of `target` that the first of them becomes
 * @throws Error for a type without a packing: callers check with {@link packingOf}
 */
export function packRows(
  type: GgufTypeName,
  source: Uint16Array,
  count: number,
  target: PackedWeights,
  row: number,
): void {
  const pack = PACKERS[type];
  if (!pack) throw new Error(`no packer for ${type}`);
  for (let i = 0; i < count; i++) pack(source, (source.length / count) * i, target, row + i);
}
