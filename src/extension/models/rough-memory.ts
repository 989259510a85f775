/** About how much memory a model takes, by the size of its files and their number type; the engine knows it exactly by the header. */
import { ENGINE_BYTES } from "../../engine/model/engine-bytes.ts";

/**
 * Bytes in memory for each byte of a GGUF: weights are packed with fp32 scales (engine/model/gguf/quant.ts), floats become
 * fp32. By the beginning of the type's name, longer ones first.
 */
const GGUF_FACTORS: readonly (readonly [string, number])[] = [
  ["F32", 1],
  ["BF16", 2],
  ["F16", 2],
  ["Q8_0", 1.06],
  ["Q6_K", 1.52],
  ["Q5_K", 1.8],
  ["Q5_", 1.7],
  ["Q4_K", 1.4],
  ["Q4_1", 1.2],
  ["Q4_0", 1.12],
];
const OTHER_GGUF = 1.4;

/** Bytes that a GGUF of a number type takes, about. */
export function ggufMemory(bytes: number, quantisation: string | null): number {
  const known = GGUF_FACTORS.find(([prefix]) => quantisation?.startsWith(prefix));
  return ENGINE_BYTES + bytes * (known?.[1] ?? OTHER_GGUF);
}

/** Bytes that an ONNX graph with its data takes, about: fp16 weights stand beside their fp32 copies. */
export function onnxMemory(bytes: number, quantisation: string | null): number {
  return ENGINE_BYTES + bytes * (quantisation === "fp16" ? 3 : 1.1);
}

/** For people: `0.3 GB`, `12 MB`. */
export function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return `${Math.max(0.1, bytes / 1e6).toFixed(bytes >= 10e6 ? 0 : 1)} MB`;
}
