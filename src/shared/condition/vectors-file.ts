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

const entrySchema = v.object({
  k: index,
  positions: v.pipe(
    v.array(index, () => l10n.t("must be a list of token indices")),
    v.minLength(1, () => l10n.t("must not be empty")),
  ),
  vectors: v.pipe(
    v.array(
      v.array(
        v.pipe(
          v.number(() => l10n.t("must be a number")),
          v.finite(() => l10n.t("must be finite")),
        ),
        () => l10n.t("must be a list of numbers"),
      ),
      () => l10n.t("must be a list of vectors"),
    ),
    v.minLength(1, () => l10n.t("must not be empty")),
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
  return new SwapError(error.code, l10n.t("In {0}: {1}", file, error.message), error.hint);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SwapError("bad-vectors", l10n.t("{0} is not valid JSON: {1}.", file, reason), formHint(), {
      cause,
    });
  }
}

function checkedEntry(entry: VectorsEntry, file: string, where: string): VectorsEntry {
  const { k, positions, vectors } = entry;
  if (positions.length === vectors.length) return entry;
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
