/** Writes a GGUF file's weights anew as float32, so that the benchmark compares peers on the same numbers. */
import * as fs from "node:fs";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import { TensorSource } from "../../src/engine/model/gguf/tensor-source.ts";
import type { WrittenTensor } from "./gguf-file.ts";
import { writeGguf } from "./gguf-file.ts";

/** Writes `to` unless it is there already; all tensors become F32, the metadata stays. */
export function writeFp32Gguf(from: string, to: string): void {
  if (fs.existsSync(to)) return;
  const { metadata, tensors } = readGguf(from);
  const source = new TensorSource();
  const floats = [...tensors.values()].map((tensor): WrittenTensor => ({
    name: tensor.name,
    dims: tensor.dims,
    type: "F32",
    data: () => {
      const { buffer, byteOffset, byteLength } = source.floats(tensor);
      return [new Uint8Array(buffer, byteOffset, byteLength)];
    },
  }));
  writeGguf(to, metadata, floats);
  source.close();
}
