/** About how much memory a model takes, by the size of its files and their number type; the engine knows it exactly by the header. */
import { residentBytes } from "../model/gguf/packing.ts";
import { typeAtStart } from "../model/gguf/tensor-types.ts";
import { ENGINE_BYTES, onnxWeightFactor } from "../model/memory.ts";

/** For files whose name says no type that is read: between those of the commonest. */
const OTHER_GGUF = 1.4;

/** Bytes that a GGUF of a number type takes, about; `Q4_K_M` is mostly Q4_K. */
export function ggufMemory(bytes: number, quantisation: string | null): number {
  const type = quantisation === null ? null : typeAtStart(quantisation);
  const factor = type === null ? OTHER_GGUF : residentBytes(type.name, type.blockSize) / type.blockBytes;
  return ENGINE_BYTES + bytes * factor;
}

/** Bytes that an ONNX graph with its data takes, about; weights that two stages use are there twice. */
export function onnxMemory(bytes: number, quantisation: string | null): number {
  const isHalf = quantisation === "fp16";
  const isInt8 = quantisation === "int8";
  return (
    ENGINE_BYTES +
    bytes * (isHalf ? onnxWeightFactor(true, false) : isInt8 ? onnxWeightFactor(false, true, true) : 1.1)
  );
}
