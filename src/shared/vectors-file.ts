/** A vectors file: states that the user computed elsewhere, as JSON. Command line and editor read the same form. */
import * as v from "valibot";
import type { VectorsEntry } from "./condition.ts";
import { SwapError } from "./errors.ts";

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
 * Reads a vectors file's text. Whether it fits the model is checked by the engine.
 *
 * @param file how messages name it
 * @throws SwapError `bad-vectors`
 */
export function parseVectors(text: string, file: string): readonly VectorsEntry[] {
  const value = parsed(text, file);
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (entries.length === 0) throw new SwapError("bad-vectors", `${file} holds no entry.`, FORM);
  return entries.map((entry, i) => {
    const where = Array.isArray(value) ? `entry ${i}` : "the entry";
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
      throw new SwapError("bad-vectors", `In ${file}, ${where} is not an object.`, FORM);
    }
    const result = v.safeParse(entrySchema, entry);
    if (result.success) return checkedEntry(result.output, file, where);
    const issue = result.issues[0];
    const field = v.getDotPath(issue) ?? "";
    const missing = issue.expected !== null && issue.input === undefined;
    throw new SwapError(
      "bad-vectors",
      `In ${file}, ${where}: ${field} ${missing ? "is missing" : issue.message}.`,
      FORM,
    );
  });
}

/** Names the file in what the engine says of its vectors; other errors stay as they are. */
export function withVectorsFile(error: unknown, file: string): unknown {
  if (!(error instanceof SwapError) || error.code !== "bad-vectors") return error;
  return new SwapError(error.code, `In ${file}: ${error.message}`, error.hint);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
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
