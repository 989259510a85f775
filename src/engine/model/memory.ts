/** What a model takes in memory, by its files: the factors that the back ends, the estimate and the model picker share. */

/**
 * Resident bytes with a model open, less its weights: Node, onnxruntime, the tokenizer, buffers of opening and of a first
 * run. Measured on Linux x64: 150 to 230 MB with models of 4 to 540 MB.
 */
export const ENGINE_BYTES = 180e6;

/**
 * Bytes in memory for each byte of an ONNX file's weights: onnxruntime's CPU kernels keep half floats beside the fp32 copies
 * that they make; int8 weights become fp32; other quantised graphs stay as they are, their few half floats too.
 */
export function onnxWeightFactor(isHalf: boolean, isPacked: boolean, isInt8 = false): number {
  if (isInt8) return 4;
  return isHalf && !isPacked ? 3 : 1;
}
