/** Reads logits: log-probabilities, ranks, the most likely tokens. */
import type { TopToken } from "../../shared/experiment/result.ts";

/** What a row of logits says as a whole, in double precision. */
export interface Distribution {
  /** log(sum(exp(logits))) */
  readonly total: number;
  /** -sum of p log p over the vocabulary, in nats. */
  readonly entropy: number;
}

/**
 * Both numbers in one reading of the vocabulary, without overflow. With d = z - max, entropy = log(sum of exp(d)) - sum of
 * exp(d) d / sum of exp(d), which needs no logarithm for each token.
 *
 * @param logits `[vocab]`
 */
export function distributionOf(logits: Float32Array): Distribution {
  let max = -Infinity;
  for (const logit of logits) if (logit > max) max = logit;
  let sum = 0;
  let weighted = 0;
  for (const logit of logits) {
    const below = logit - max;
    const weight = Math.exp(below);
    sum += weight;
    // p log p is 0 where p is, though its logarithm is infinite.
    if (weight > 0) weighted += weight * below;
  }
  const log = Math.log(sum);
  return { total: max + log, entropy: Math.max(0, log - weighted / sum) };
}

/** log(sum(exp(logits))), in double precision and without overflow. */
export function logSumExp(logits: Float32Array): number {
  return distributionOf(logits).total;
}

/** An unpatched row of logits, made ready once for the comparison of many. */
export interface Reference {
  /** `[vocab]` */
  readonly logits: Float32Array;
  /** `[vocab]` */
  readonly probabilities: Float64Array;
  readonly total: number;
}

/** Makes a row of logits ready for `klDivergence`. */
export function referenceOf(logits: Float32Array): Reference {
  const total = logSumExp(logits);
  return { logits, total, probabilities: Float64Array.from(logits, (logit) => Math.exp(logit - total)) };
}

/**
 * KL(p || q) = sum of p (log p - log q) over the vocabulary, in nats; exactly 0 for equal rows. Written as sum of
 * p (z_p - z_q), plus log-sum-exp of q minus that of p, which needs no logarithm for each token.
 *
 * @param logits `[vocab]`, of q
 * @param total `logSumExp(logits)`
 */
export function klDivergence(p: Reference, logits: Float32Array, total: number): number {
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += p.probabilities[i]! * (p.logits[i]! - logits[i]!);
  // Rounding can leave a tiny negative number.
  return Math.max(0, sum + (total - p.total));
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

/**
 * The `count` most likely tokens with logits, log-probabilities and texts.
 *
 * @param total `logSumExp(logits)`, where it is known
 */
export function topTokens(
  logits: Float32Array,
  count: number,
  textOf: (id: number) => string,
  total = logSumExp(logits),
): TopToken[] {
  return topIds(logits, count).map((id) => {
    const logit = logits[id]!;
    return { id, text: textOf(id), logit, logprob: logit - total };
  });
}
