/** Reads logits: log-probabilities, ranks, the most likely tokens. */
import type { TopToken } from "../../shared/result.ts";

/** log(sum(exp(logits))), in double precision and without overflow. */
export function logSumExp(logits: Float32Array): number {
  let max = -Infinity;
  for (const logit of logits) if (logit > max) max = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - max);
  return max + Math.log(sum);
}

/**
 * KL(p || q) = sum of p (log p - log q) over the vocabulary, in nats, of two rows of logits; 0 for equal rows.
 *
 * @param p and `q`: `[vocab]`
 */
export function klDivergence(p: Float32Array, q: Float32Array): number {
  const [totalP, totalQ] = [logSumExp(p), logSumExp(q)];
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const logP = p[i]! - totalP;
    sum += Math.exp(logP) * (logP - (q[i]! - totalQ));
  }
  // Rounding can leave a tiny negative number.
  return Math.max(0, sum);
}

/** Rank of a token: 1 = the most likely. Equal logits share the better rank. */
export function rankOf(logits: Float32Array, id: number): number {
  const own = logits[id]!;
  let rank = 1;
  for (const logit of logits) if (logit > own) rank++;
  return rank;
}

/** Ids of the `count` largest logits, largest first; equal ones by id. */
export function topIds(logits: Float32Array, count: number): number[] {
  const best: number[] = [];
  for (let id = 0; id < logits.length; id++) {
    if (best.length === count && logits[id]! <= logits[best[count - 1]!]!) continue;
    let at = best.length;
    while (at > 0 && logits[best[at - 1]!]! < logits[id]!) at--;
    best.splice(at, 0, id);
    if (best.length > count) best.pop();
  }
  return best;
}

/** The `count` most likely tokens with logits, log-probabilities and texts. */
export function topTokens(logits: Float32Array, count: number, textOf: (id: number) => string): TopToken[] {
  const total = logSumExp(logits);
  return topIds(logits, count).map((id) => {
    const logit = logits[id]!;
    return { id, text: textOf(id), logit, logprob: logit - total };
  });
}
