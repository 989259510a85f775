/**
 * Puts an empty runtime where `@huggingface/transformers` looks for one before it takes onnxruntime: the download
 * process fetches graphs through it, and a session would load the whole model into memory for nothing.
 */

const RUNTIME = { InferenceSession: { create: () => Promise.resolve({}) }, Tensor: Object, env: {} };
Object.defineProperty(globalThis, Symbol.for("onnxruntime"), { value: RUNTIME, configurable: true });
