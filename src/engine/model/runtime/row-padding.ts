/** Rows added so that no product has a single row left over: bits must not depend on what runs beside a row. */

/**
 * Rows to run so that no product ends in a tile of one: that takes another kernel, which sums in another order. More rows
 * keep shared and unshared runs bitwise alike.
 *
 * @param wanted of the positions, how many go through the whole block
 * @param productRows as the runtime's
 */
export function paddedRows(rows: number, positions: number, wanted: number, productRows: number): number {
  const leavesSingle = (count: number): boolean => count % productRows === 1;
  let padded = rows;
  while (leavesSingle(padded * positions) || leavesSingle(padded * wanted)) padded++;
  return padded;
}

/** The rows, and the first one again behind them, `more` times. */
export function withMoreRows(data: Float32Array, rows: number, more: number): Float32Array {
  if (more === 0) return data;
  const size = data.length / rows;
  const out = new Float32Array(data.length + more * size);
  out.set(data);
  for (let i = 0; i < more; i++) out.set(data.subarray(0, size), data.length + i * size);
  return out;
}
