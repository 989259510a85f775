/** Memory of the engine beside a model's weights. */

/**
 * Resident bytes with a model open, less its weights: Node, onnxruntime, the tokenizer, buffers of opening and of a first
 * run. Measured on Linux x64: 150 to 230 MB with models of 4 to 540 MB.
 */
export const ENGINE_BYTES = 180e6;
