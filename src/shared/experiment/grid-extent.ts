/** Parts of a grid that are worth running alone: the sentence of the chosen tokens, every n-th token, the layers at a flip. */
import type { LayerRange } from "./experiment.ts";
import type { Tokenization } from "../prompt/tokens.ts";

/** Part of a grid. */
export interface GridExtent {
  /** Ascending. */
  readonly positions: readonly number[];
  readonly layers: LayerRange;
}

/**
 * Positions of the sentences that chosen tokens stand in, ascending: a sentence ends as its script ends one, and at a line
 * break. Without chosen tokens, the last sentence.
 */
export function sentencePositions(
  { text, tokens }: Pick<Tokenization, "text" | "tokens">,
  chosen: readonly number[],
): readonly number[] {
  const sentences = [...new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(text)];
  const sentenceAt = (offset: number): number =>
    sentences.findLastIndex(({ index }) => index <= Math.min(offset, text.length - 1));
  // A token begins with the blank before its word, which belongs to the sentence before.
  const sentenceOf = tokens.map((token) => sentenceAt(token.end - 1));
  const wanted = new Set((chosen.length > 0 ? chosen : [tokens.length - 1]).map((one) => sentenceOf[one]));
  return tokens.flatMap((_, position) => (wanted.has(sentenceOf[position]) ? [position] : []));
}

/** Every n-th position up to `count`, counted back from the last one, and the chosen ones, ascending. */
export function everyNth(count: number, n: number, chosen: readonly number[]): readonly number[] {
  const positions = Array.from({ length: count }, (_, position) => position);
  return positions.filter((position) => (count - 1 - position) % n === 0 || chosen.includes(position));
}

/** Layers on both sides of a flip, a sixth of all of them each, that the range has. */
export function layersAround(flip: number, blocks: number, { from, to }: LayerRange): LayerRange {
  const reach = Math.max(2, Math.round(blocks / 6));
  return { from: Math.max(from, flip - reach), to: Math.min(to, flip + reach) };
}
