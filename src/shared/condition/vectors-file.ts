/** A vectors file: states that the user computed elsewhere, as JSON. Command line and editor read the same form. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import type { VectorsEntry } from "./parts.ts";
import { SwapError } from "../errors.ts";

function formHint(): string {
  return l10n.t('Write {"k": 3, "positions": [0, 1], "vectors": [[…], […]]}, or a list of such objects.');
}

const index = v.pipe(
  v.number(() => l10n.t("must be a whole number")),
  v.integer(() => l10n.t("must be a whole number")),
  v.minValue(0, () => l10n.t("must not be negative")),
);

/** What other tools write for numbers that JSON does not have; read as such, so that the refusal can say where they stand. */
const WORDS = { NaN, Infinity, "-Infinity": -Infinity } as const;
const BARE_WORD = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

const element = v.union(
  [
    v.number(),
    v.pipe(
      v.picklist(["NaN", "Infinity", "-Infinity"]),
      v.transform((word) => WORDS[word]),
    ),
  ],
  () => l10n.t("must be a number"),
);

const entrySchema = v.object({
  k: index,
  positions: v.pipe(
    v.array(index, () => l10n.t("must be a list of token indices")),
    v.minLength(1, () => l10n.t("must not be empty")),
  ),
  vectors: v.pipe(
    v.array(
      v.array(element, () => l10n.t("must be a list of numbers")),
      () => l10n.t("must be a list of vectors"),
    ),
    v.minLength(1, () => l10n.t("must not be empty")),
  ),
});

/**
 * Reads a vectors file's text. All numbers are such that float32 holds. Whether they fit the model is checked by the engine.
 *
 * @param file how messages name it
 * @throws SwapError `bad-vectors`
 */
export function parseVectors(text: string, file: string): readonly VectorsEntry[] {
  const value = parsed(text, file);
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (entries.length === 0)
    throw new SwapError("bad-vectors", l10n.t("{0} holds no entry.", file), formHint());
  return entries.map((entry, i) => {
    const where = Array.isArray(value) ? l10n.t("entry {0}", i) : l10n.t("the entry");
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
      throw new SwapError("bad-vectors", l10n.t("In {0}, {1} is not an object.", file, where), formHint());
    }
    const result = v.safeParse(entrySchema, entry);
    if (result.success) return checkedEntry(result.output, file, where);
    const issue = result.issues[0];
    const field = v.getDotPath(issue) ?? "";
    const missing = issue.expected !== null && issue.input === undefined;
    throw new SwapError(
      "bad-vectors",
      l10n.t("In {0}, {1}: {2} {3}.", file, where, field, missing ? l10n.t("is missing") : issue.message),
      formHint(),
    );
  });
}

/** Names the file in what the engine says of its vectors; other errors stay as they are. */
export function withVectorsFile(error: unknown, file: string): unknown {
  if (!(error instanceof SwapError) || error.code !== "bad-vectors") return error;
  return error.retold(l10n.t("In {0}: {1}", file, error.message));
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const quoted = text.replace(BARE_WORD, (part) => (part.startsWith('"') ? part : `"${part}"`));
    if (quoted !== text) return parsed(quoted, file);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SwapError("bad-vectors", l10n.t("{0} is not valid JSON: {1}.", file, reason), formHint(), {
      cause,
    });
  }
}

function checkedEntry(entry: VectorsEntry, file: string, where: string): VectorsEntry {
  const { k, positions, vectors } = entry;
  if (positions.length !== vectors.length) {
    throw new SwapError(
      "bad-vectors",
      l10n.t(
        "In {0}, {1} (k = {2}) has {3} positions but {4} vectors.",
        file,
        where,
        k,
        positions.length,
        vectors.length,
      ),
      l10n.t("Give one vector for each position."),
    );
  }
  for (const [i, vector] of vectors.entries()) {
    const index = vector.findIndex((number) => !Number.isFinite(Math.fround(number)));
    if (index >= 0) throw beyondFloat(`${vector[index]}`, [file, where, k, positions[i]!, index]);
  }
  return entry;
}

/** @param place file, entry, k, position, index in the vector */
function beyondFloat(number: string, place: readonly [string, string, number, number, number]): SwapError {
  return new SwapError(
    "bad-vectors",
    l10n.t("In {0}, {1} (k = {2}), position {3}, index {4}: float32 cannot hold {5}.", ...place, number),
    l10n.t("States are float32: finite numbers of at most 3.4e38."),
  );
}
