/** The file of `--vectors`: states that the user computed elsewhere, as JSON. */
import type { VectorsEntry } from "../shared/condition/condition.ts";
import { parseVectors } from "../shared/condition/vectors-file.ts";
import { readBytes } from "./prompts.ts";

/**
 * Reads a vectors file. Whether it fits the model is checked by the engine.
 *
 * @throws SwapError `file-not-found`, `bad-vectors`
 */
export function readVectorsFile(file: string): readonly VectorsEntry[] {
  return parseVectors(readBytes(file, "vectors").toString("utf8"), file);
}
