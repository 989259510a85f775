/** Vectors: states that the user computed elsewhere, put in as they are. */
import type { VectorsEntry } from "../../shared/condition/parts.ts";
import type { Matrix } from "../matrix.ts";

/** The entry's vectors as a matrix, `[positions, width]`. */
export function givenStates(entry: VectorsEntry, width: number): Matrix {
  const data = new Float32Array(entry.vectors.length * width);
  entry.vectors.forEach((vector, i) => {
    data.set(vector, i * width);
  });
  return { data, rows: entry.vectors.length, width };
}
