/** What opening a model may take before the client ends the engine: generous, and more for a larger file. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { LocatedModel } from "./model/locate.ts";
import { shardName } from "./model/gguf/shards.ts";
import type { Activity } from "./pulse.ts";

/** For any model. */
const BASE_MS = 5 * 60_000;
const BASE_BYTES = 9e8;
/** For each byte of its files: a network drive, weights that become float32, and the whole graph beside its stages. */
const MS_PER_BYTE = 1.2e-4;
const MEMORY_PER_BYTE = 8;
/** Of that, what may pass without a sign of life: a session of a large head is one call. */
const SILENT_MS_PER_BYTE = 5e-5;

/**
 * The opening as an activity with limits.
 *
 * @param bytes of the model's files
 * @param factor of the limits; 0: none
 */
export function openingActivity({ file }: LocatedModel, bytes: number, factor: number): Activity {
  const silentMs = bytes * SILENT_MS_PER_BYTE;
  const what = `opening ${file}`;
  if (factor === 0) return { what, silentMs };
  // What an earlier model left behind is not this one's.
  const before = process.memoryUsage.rss();
  return {
    what,
    silentMs,
    mostMs: factor * (BASE_MS + bytes * MS_PER_BYTE),
    mostBytes: before + factor * (BASE_BYTES + bytes * MEMORY_PER_BYTE),
  };
}

/** Bytes of a model's files, at most: of a GGUF all parts count as the first, of an ONNX graph whatever may be its data. */
export function mostFileBytes({ kind, file }: LocatedModel): number {
  const own = fs.statSync(file).size;
  if (kind === "gguf") return own * (shardName(file)?.count ?? 1);
  const folder = path.dirname(file);
  return fs
    .readdirSync(folder)
    .filter((name) => !name.endsWith(".onnx"))
    .reduce(
      (sum, name) => sum + (fs.statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
      own,
    );
}
