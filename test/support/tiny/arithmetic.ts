/** The arithmetic of a decoder block in double precision, written to be read. */

/** Makes weight matrices `[rows, width]`, uniform with standard deviation gain / sqrt(width), from one seed. */
export function seededWeights(seed: number): (rows: number, width: number, gain: number) => Float64Array {
  // mulberry32: 32 bits of state are plenty for a few thousand weights, and the same on every machine.
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return (rows, width, gain) =>
    Float64Array.from(
      { length: rows * width },
      () => ((uniform() * 2 - 1) * Math.sqrt(3) * gain) / Math.sqrt(width),
    );
}

/** weights `[rows, vector.length]` times vector. */
export function matVec(weights: Float64Array, vector: Float64Array, rows: number): Float64Array {
  const width = vector.length;
  const out = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += weights[r * width + i]! * vector[i]!;
    out[r] = sum;
  }
  return out;
}

/** Root-mean-square norm with unit weights: x / sqrt(mean(x^2) + 1e-6). */
export function rmsNorm(vector: ArrayLike<number>): Float64Array {
  let sum = 0;
  for (const value of Array.from(vector)) sum += value * value;
  const scale = 1 / Math.sqrt(sum / vector.length + 1e-6);
  return Float64Array.from({ length: vector.length }, (_, i) => vector[i]! * scale);
}

/** Rotary positions on adjacent pairs of each head: angle = position / 10000^(2i / headWidth). */
export function rotate(vector: Float64Array, position: number, headWidth: number): Float64Array {
  const out = new Float64Array(vector.length);
  for (let i = 0; i < vector.length; i += 2) {
    const angle = position / 10000 ** ((i % headWidth) / headWidth);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    out[i] = vector[i]! * cos - vector[i + 1]! * sin;
    out[i + 1] = vector[i]! * sin + vector[i + 1]! * cos;
  }
  return out;
}

/** x * sigmoid(x). */
export function silu(x: number): number {
  return x / (1 + Math.exp(-x));
}

/** Softmax over all entries. */
export function softmaxInPlace(scores: Float64Array): void {
  const max = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  scores.forEach((score, i) => (sum += scores[i] = Math.exp(score - max)));
  scores.forEach((score, i) => (scores[i] = score / sum));
}
