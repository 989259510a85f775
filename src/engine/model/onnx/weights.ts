/** Where a model's weights stand on disk, as onnxruntime accepts it: real paths below one real directory. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SwapError } from "../../../shared/errors.ts";
import type { OnnxModel, OnnxTensor } from "./graph.ts";
import { isBelow, ownFile } from "../own-file.ts";
import { FileWindow } from "./file-window.ts";

/** Smaller tensors are copied into the stage: a mapping costs more than they do. */
const INLINE_BYTES = 1024;

/** Bytes of a weight in a file below `WeightSource.folder`. */
export interface WeightPlace {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** What a stage asks of its weights. */
export interface StageWeights {
  /** Null: the tensor is small or has typed fields, and is copied by its message. */
  placeOf(tensor: OnnxTensor): WeightPlace | null;
  /** The whole TensorProto of a small tensor. */
  messageOf(tensor: OnnxTensor): Uint8Array;
  byteLength(tensor: OnnxTensor): number;
}

/** A data file beside the model file. */
interface DataFile {
  /** As the graph names it. */
  readonly location: string;
  /** Real path. */
  readonly real: string;
  /** Bytes. */
  readonly size: number;
}

/** Hands out the places of weights; nothing is read or copied but small tensors. */
export interface WeightSource extends StageWeights {
  /** Real directory that locations are relative to. */
  readonly folder: string;
  readonly dataFiles: readonly DataFile[];
  close(): void;
}

/**
 * Finds all data files of a model. Symlinks are followed (the hub cache consists of them), since onnxruntime refuses
 * data behind them.
 *
 * @throws SwapError `missing-external-data`, `truncated-file`, `unsupported-model` (a location outside the model's folder)
 */
export function openWeights(model: OnnxModel): WeightSource {
  const home = path.dirname(model.file);
  const realModel = fs.realpathSync(model.file);
  const realFiles = new Map<string, DataFile>();
  for (const tensor of model.graph.initializers.values()) {
    if (!tensor.external) continue;
    const { location, offset, length } = tensor.external;
    const known = realFiles.get(location) ?? dataFile(location, home, model.file);
    realFiles.set(location, known);
    const end = offset + (length ?? 0);
    if (end > known.size) {
      throw new SwapError(
        "truncated-file",
        `${path.join(home, location)} is cut short: the weight ${tensor.name} ends at byte ${end}, the file has ${known.size}.`,
        "Fetch the data file again.",
      );
    }
  }
  for (const name of model.joined ?? []) {
    if (!realFiles.has(name)) realFiles.set(name, dataFile(name, home, model.file));
  }
  const folder = commonFolder([realModel, ...[...realFiles.values()].map((file) => file.real)]);
  const window = new FileWindow(model.file);
  const relative = (file: string): string => path.relative(folder, file).split(path.sep).join("/");
  const modelLocation = relative(realModel);
  return {
    folder,
    dataFiles: [...realFiles.values()],
    placeOf: (tensor) => {
      if (tensor.external) {
        const { real, size } = realFiles.get(tensor.external.location)!;
        const { offset, length } = tensor.external;
        return { location: relative(real), offset, length: length ?? size - offset };
      }
      if (!tensor.raw || tensor.raw.length <= INLINE_BYTES) return null;
      return { location: modelLocation, offset: tensor.raw.offset, length: tensor.raw.length };
    },
    messageOf: (tensor) => {
      if (tensor.message) return tensor.message;
      return window.read(tensor.span!.offset, tensor.span!.length);
    },
    byteLength: (tensor) =>
      tensor.external?.length ?? tensor.raw?.length ?? tensor.span?.length ?? tensor.message?.length ?? 0,
    close: () => {
      window.close();
    },
  };
}

function dataFile(location: string, home: string, model: string): DataFile {
  const parts = location.split(/[/\\]/);
  if (path.isAbsolute(location) || /^[a-z]:/i.test(location) || parts.includes("..")) {
    throw new SwapError(
      "unsupported-model",
      `${model} refers to data outside its own folder (${location}).`,
      "Model files from elsewhere must not read other files; export it with the data beside it.",
    );
  }
  const real = ownFile(home, path.join(...parts), model);
  if (real === null) {
    throw new SwapError(
      "missing-external-data",
      `The weights of ${model} are missing: there is no file ${location} in ${home}.`,
      "Fetch the data file too (large ONNX models consist of several files) and put it beside the model.",
    );
  }
  return { location, real, size: fs.statSync(real).size };
}

/** The deepest directory that holds all files. */
function commonFolder(files: readonly string[]): string {
  let folder = path.dirname(files[0]!);
  while (!files.every((file) => isBelow(file, folder))) folder = path.dirname(folder);
  return folder;
}
