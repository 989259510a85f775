/** The file of `--vectors`: states that the user computed elsewhere, as JSON. */
import * as v from "valibot";
import { SwapError } from "../shared/errors.ts";
import type { VectorsEntry } from "../shared/experiment.ts";
import { readBytes } from "./prompts.ts";

const FORM = 'Write {"k": 3, "positions": [0, 1], "vectors": [[…], […]]}, or a list of such objects.';

const index = v.pipe(
  v.number("must be a whole number"),
  v.integer("must be a whole number"),
  v.minValue(0, "must not be negative"),
);

const entrySchema = v.object({
  k: index,
  positions: v.pipe(v.array(index, "must be a list of token indices"), v.minLength(1, "must not be empty")),
  vectors: v.pipe(
    v.array(
      v.array(v.pipe(v.number("must be a number"), v.finite("must be finite")), "must be a list of numbers"),
      "must be a list of vectors",
    ),
    v.minLength(1, "must not be empty"),
  ),
});

/**
 * Reads a vectors file. Whether it fits the model is checked by the engine.
 *
 * @throws SwapError `file-not-found`, `bad-vectors`
 */
export function readVectorsFile(file: string): readonly VectorsEntry[] {
  const value = parse(file);
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (entries.length === 0) throw new SwapError("bad-vectors", `${file} holds no entry.`, FORM);
  return entries.map((entry, i) => {
    const where = Array.isArray(value) ? `entry ${i}` : "the entry";
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
      throw new SwapError("bad-vectors", `In ${file}, ${where} is not an object.`, FORM);
    }
    const parsed = v.safeParse(entrySchema, entry);
    if (parsed.success) return checkedEntry(parsed.output, file, where);
    const issue = parsed.issues[0];
    const field = v.getDotPath(issue) ?? "";
    const missing = issue.expected !== null && issue.input === undefined;
    throw new SwapError(
      "bad-vectors",
      `In ${file}, ${where}: ${field} ${missing ? "is missing" : issue.message}.`,
      FORM,
    );
  });
}

function parse(file: string): unknown {
  const bytes = readBytes(file, "vectors");
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SwapError("bad-vectors", `${file} is not valid JSON: ${reason}.`, FORM, { cause });
  }
}

function checkedEntry(entry: VectorsEntry, file: string, where: string): VectorsEntry {
  const { k, positions, vectors } = entry;
  if (positions.length === vectors.length) return entry;
  throw new SwapError(
    "bad-vectors",
    `In ${file}, ${where} (k = ${k}) has ${positions.length} positions but ${vectors.length} vectors.`,
    "Give one vector for each position.",
  );
}

/** Names the file in what the engine says of the vectors. */
export function withVectorsFile(error: unknown, file: string): unknown {
  if (!(error instanceof SwapError) || error.code !== "bad-vectors") return error;
  return new SwapError(error.code, `In ${file}: ${error.message}`, error.hint);
}
