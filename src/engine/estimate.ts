/** Memory that a model will take, from its header alone: what each back end keeps of its weights, and what a process takes. */
import { decoderStages, weightBytes } from "./model/gguf/decoder-stages.ts";
import { FAMILIES } from "./model/gguf/families/table.ts";
import { readHyperparameters } from "./model/gguf/hyperparameters.ts";
import { collectWeights } from "./model/gguf/weights.ts";
import { ENGINE_BYTES, onnxWeightFactor } from "./model/memory.ts";
import { leastBytes } from "./model/gguf/room.ts";
import { readGguf } from "./model/gguf/reader.ts";
import { locateModel } from "./model/locate.ts";
import type { OnnxModel } from "./model/onnx/graph.ts";
import { DataType } from "./model/runtime/protobuf-writer.ts";
import { readDecoder } from "./model/onnx/joined-embeddings.ts";
import { openWeights } from "./model/onnx/weights.ts";

/** What a model would take. */
export interface ModelEstimate {
  /** The model file itself, absolute. */
  readonly path: string;
  /** Bytes of its files. */
  readonly fileBytes: number;
  /** Resident bytes of the engine once it is open. */
  readonly memoryBytes: number;
  /** Least bytes with which it runs, its blocks opened on demand; null: it cannot. */
  readonly leastBytes: number | null;
}

/** Smaller tensors are constants, not weights. */
const LARGE_BYTES = 1 << 16;

/**
 * Estimates a model's memory.
 *
 * @param choice one graph of a folder, as for `locateModel`
 * @throws SwapError those of locating the model and reading its header
 */
export function estimateModel(modelPath: string, choice: string | null): ModelEstimate {
  const { kind, file } = locateModel(modelPath, choice);
  const { weightBytes, fileBytes, leastBytes } = kind === "gguf" ? ofGguf(file) : ofOnnx(file);
  return { path: file, fileBytes, memoryBytes: ENGINE_BYTES + weightBytes, leastBytes };
}

interface Sizes {
  readonly weightBytes: number;
  readonly fileBytes: number;
  readonly leastBytes: number | null;
}

/** As the back end keeps them; rows of an embedding that is no head are read when they are needed. */
function ofGguf(file: string): Sizes {
  const gguf = readGguf(file);
  const shape = readHyperparameters(gguf, FAMILIES);
  const stages = decoderStages(shape, collectWeights(gguf, shape));
  return { weightBytes: weightBytes(stages), fileBytes: gguf.size, leastBytes: leastBytes(stages) };
}

/** fp16 weights are kept beside their float32 copies, int8 ones become float32; a weight that two stages use is there twice. */
function ofOnnx(file: string): Sizes {
  const model = readDecoder(file);
  const weights = openWeights(model);
  try {
    const users = usersOf(model);
    const isPacked = model.graph.nodes.some(({ opType }) => /^(MatMulNBits|MatMulBnb4)$/.test(opType));
    const isDynamic = model.graph.nodes.some(({ opType }) => opType.startsWith("DynamicQuantize"));
    let weightBytes = 0;
    for (const tensor of model.graph.initializers.values()) {
      const bytes = weights.byteLength(tensor);
      const copies = bytes < LARGE_BYTES ? 1 : Math.min(2, users.get(tensor.name) ?? 1);
      const isHalf = tensor.dataType === DataType.float16;
      const isInt8 = isDynamic && (tensor.dataType === DataType.uint8 || tensor.dataType === DataType.int8);
      weightBytes += bytes * copies * onnxWeightFactor(isHalf, isPacked, isInt8);
    }
    const dataBytes = weights.dataFiles.reduce((sum, data) => sum + data.size, 0);
    return { weightBytes, fileBytes: model.size + dataBytes, leastBytes: null };
  } finally {
    weights.close();
  }
}

function usersOf(model: OnnxModel): ReadonlyMap<string, number> {
  const users = new Map<string, number>();
  for (const { inputs } of model.graph.nodes) {
    for (const input of new Set(inputs)) users.set(input, (users.get(input) ?? 0) + 1);
  }
  return users;
}
