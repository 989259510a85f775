/** Seeded random numbers that are the same on every machine: what a stored seed stands for. */

/** Gives numbers, one after the other. */
export type Stream = () => number;

/**
 * Uniform numbers in [0, 1) with 32 bits, from a key of integers; another key gives an unrelated stream. Generator:
 * sfc32 (Doty-Humphrey, PractRand), seeded with the finaliser of MurmurHash3.
 */
export function uniformStream(...key: readonly number[]): Stream {
  let [a, b, c, d] = [hashed(key, 0x9e3779b9), hashed(key, 0x243f6a88), hashed(key, 0xb7e15162), 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first outputs still show the seed.
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** Normal numbers, mean 0 and variance 1, from uniform ones (Box and Muller, 1958). */
export function normalStream(uniform: Stream): Stream {
  let kept: number | null = null;
  return () => {
    if (kept !== null) {
      const value = kept;
      kept = null;
      return value;
    }
    // 1 - u lies in (0, 1], so that its logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** A permutation of 0..length-1 (Fisher and Yates), every one equally likely up to the stream's 32 bits. */
export function permutation(length: number, uniform: Stream): number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

function hashed(key: readonly number[], salt: number): number {
  let hash = salt | 0;
  for (const value of key) {
    hash = Math.imul(hash ^ value, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash | 0;
}
