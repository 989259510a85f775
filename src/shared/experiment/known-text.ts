/** Whether the demonstration model knows a text: told by how it reads it, and by how sure it is of what follows. */
import type { Token } from "../prompt/tokens.ts";

/** Less probable than this, its first answer is a guess: of the capitals that it knows it is nearly sure. */
const LEAST_SURE = 0.3;

/** Of the prompts that it was made for no word is in pieces; a name that it does not know may be. */
const MOST_SPLIT_WORDS = 1;
const MOST_SPLIT_SHARE = 0.15;

/**
 * Whether the demonstration model plainly does not know a text. What it wrongly takes for known is not found out.
 *
 * @param baseline its most likely next tokens, unpatched; empty while they are not known
 */
export function isPlainlyUnknown(
  tokens: readonly Pick<Token, "text" | "special">[],
  baseline: readonly { readonly logprob: number }[],
): boolean {
  const [best] = baseline;
  if (!best) return false;
  const words = wordLengths(tokens.filter(({ special }) => !special).map(({ text }) => text));
  const split = words.filter((length) => length > 1).length;
  const isInPieces = split > MOST_SPLIT_WORDS && split >= MOST_SPLIT_SHARE * words.length;
  return isInPieces || best.logprob < Math.log(LEAST_SURE);
}

/** Tokens of each word: a word begins with a blank or behind what is no letter. */
function wordLengths(texts: readonly string[]): number[] {
  const lengths: number[] = [];
  let isOpen = false;
  for (const text of texts) {
    const goesOn = isOpen && /^\p{L}/u.test(text);
    if (goesOn) lengths[lengths.length - 1]!++;
    else if (/\p{L}/u.test(text)) lengths.push(1);
    isOpen = /\p{L}$/u.test(text);
  }
  return lengths;
}
