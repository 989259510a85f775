/** How positions turn queries and keys: what a file says of it, and the frequencies that follow. */
import { unsupported } from "./metadata-fields.ts";
import type { MetadataFields } from "./metadata-fields.ts";
import type { Family } from "./families/family.ts";

/** Rotary embedding as a file declares it (RoFormer, equation 15). */
export interface Rope {
  readonly base: number;
  /** Positions are divided by this (linear scaling); 1 for none. */
  readonly factor: number;
  /** Slow pairs are divided by `factor`, fast ones are not (YaRN, Peng et al. 2023); null: all are. */
  readonly yarn: Yarn | null;
  /** Cosines and sines are multiplied by it. */
  readonly magnitude: number;
}

interface Yarn {
  /** Positions that the model was trained on before it was scaled. */
  readonly originalContext: number;
  /** Turns over these positions above which a pair is not scaled, and below which it is in full. */
  readonly betaFast: number;
  readonly betaSlow: number;
}

/** One block's rotation. */
export interface Rotation {
  /** Radians a position, `[ropeWidth / 2]`; all 0 where nothing is rotated. */
  readonly frequencies: Float32Array;
  readonly magnitude: number;
}

/** Rotation of full blocks, and of those that see a window. */
export function readRopes(fields: MetadataFields, family: Family): { full: Rope; windowed: Rope } {
  const full = readRope(fields, family.yarnMultiplierUnit);
  const usual = family.windowedRope === "own" ? 10_000 : full.base;
  const base = fields.optional("rope.freq_base_swa") ?? usual;
  const windowed =
    family.windowedRope === "same"
      ? { ...full, base }
      : {
          base,
          factor: 1,
          yarn: null,
          magnitude: family.windowedRope === "own" ? (fields.optional("rope.scaling.attn_factor") ?? 1) : 1,
        };
  return { full, windowed };
}

function readRope(fields: MetadataFields, multiplierUnit: Family["yarnMultiplierUnit"]): Rope {
  const base = fields.optional("rope.freq_base") ?? 10_000;
  const attention = fields.optional("rope.scaling.attn_factor") ?? 1;
  const type = fields.raw("rope.scaling.type") ?? "linear";
  const plain = { base, factor: 1, yarn: null, magnitude: attention };
  if (type === "none") return plain;
  const given = fields.positiveOrNull("rope.scaling.factor") ?? fields.positiveOrNull("rope.scale_linear");
  const factor = given ?? 1;
  if (type === "linear" || type === "longrope") return { ...plain, factor };
  if (type !== "yarn") throw unsupported(fields.gguf, `rope scaling of the kind ${JSON.stringify(type)}`);
  return {
    base,
    factor,
    yarn: {
      originalContext:
        fields.optional("rope.scaling.original_context_length") ?? fields.positive("context_length"),
      betaFast: fields.optional("rope.scaling.yarn_beta_fast") ?? 32,
      betaSlow: fields.optional("rope.scaling.yarn_beta_slow") ?? 1,
    },
    magnitude: attention * yarnMagnitude(fields, factor, multiplierUnit),
  };
}

/** `0.1 ln(factor) + 1` (YaRN, equation 22), over the same with the multiplier where a file has one: scores hold that then. */
function yarnMagnitude(fields: MetadataFields, factor: number, unit: Family["yarnMultiplierUnit"]): number {
  const multiplier = unit === undefined ? null : fields.positiveOrNull("rope.scaling.yarn_log_multiplier");
  const growth = (times: number): number => (factor <= 1 ? 1 : 0.1 * times * Math.log(factor) + 1);
  if (multiplier === null || unit === undefined) return growth(1);
  return unit === "scores" ? 1 : growth(1) / growth(multiplier / unit);
}

/**
 * Rotation of `width / 2` pairs: `base^(-2i / width)`, scaled as the file says.
 *
 * @param divisors of the frequencies, `[width / 2]`; Llama 3.1 and later
 */
export function rotationOf(rope: Rope, width: number, divisors: Float32Array | undefined): Rotation {
  const scaled = scaledShare(rope, width);
  const frequencies = Float32Array.from({ length: width / 2 }, (_, i) => {
    const frequency = 1 / rope.base ** ((2 * i) / width) / (divisors ? divisors[i]! : 1);
    const share = scaled(i);
    return frequency * (share / rope.factor + (1 - share));
  });
  return { frequencies, magnitude: rope.magnitude };
}

/** No rotation at all. */
export function noRotation(width: number): Rotation {
  return { frequencies: new Float32Array(width / 2), magnitude: 1 };
}

/** How much of pair i is scaled: all, or by YaRN's ramp with its ends rounded outwards. */
function scaledShare({ base, yarn }: Rope, width: number): (pair: number) => number {
  if (!yarn) return () => 1;
  const pairOf = (turns: number): number =>
    (width * Math.log(yarn.originalContext / (turns * 2 * Math.PI))) / (2 * Math.log(base));
  const low = Math.max(0, Math.floor(pairOf(yarn.betaFast)));
  const high = Math.min(width - 1, Math.ceil(pairOf(yarn.betaSlow)));
  return (pair) => Math.min(1, Math.max(0, (pair - low) / Math.max(0.001, high - low)));
}
