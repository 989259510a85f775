/** BPE merges of a SentencePiece vocabulary, rebuilt from the scores of its pieces. */

import { SwapError } from "../../../shared/errors.ts";

/** Every split of a piece is looked up, in time that grows with its square; pieces of real models have up to 100. */
const MOST_PIECE_UNITS = 4096;

/**
 * SentencePiece merges the neighbours whose joint piece has the highest score. The same as ranked merges: every split
 * of every piece into two pieces of the vocabulary, by the score of the whole, highest first (the method of
 * `generate_merges` in Hugging Face's transformers, convert_slow_tokenizer.py).
 *
 * @param pieces `[vocabulary]`, by id
 * @param scores `[vocabulary]`
 * @param mergeable whether a piece may be made by merging (control and byte pieces may not)
 * @returns pairs in order of rank
 * @throws SwapError `tokenizer-unsupported` for a piece that is longer than any text would have
 */
export function mergesFromScores(
  pieces: readonly string[],
  scores: readonly number[],
  mergeable: (id: number) => boolean,
): [string, string][] {
  const ids = new Map<string, number>();
  pieces.forEach((piece, id) => {
    if (mergeable(id)) ids.set(piece, id);
  });
  const merges: { left: number; right: number; score: number }[] = [];
  for (const [piece, id] of ids) {
    if (piece.length > MOST_PIECE_UNITS) {
      throw new SwapError(
        "tokenizer-unsupported",
        `The model's vocabulary has a piece of ${piece.length.toLocaleString("en")} characters (token ${id}).`,
        "Use another file of the model.",
      );
    }
    const splits: { left: number; right: number; score: number }[] = [];
    let at = 0;
    for (const char of piece) {
      at += char.length;
      if (at >= piece.length) break;
      const left = ids.get(piece.slice(0, at));
      const right = left === undefined ? undefined : ids.get(piece.slice(at));
      if (left !== undefined && right !== undefined) splits.push({ left, right, score: scores[id] ?? 0 });
    }
    splits.sort((a, b) => a.left - b.left || a.right - b.right);
    merges.push(...splits);
  }
  // Array.prototype.sort is stable: merges of one score keep the order of the vocabulary.
  merges.sort((a, b) => b.score - a.score);
  return merges.map(({ left, right }) => [pieces[left]!, pieces[right]!]);
}
