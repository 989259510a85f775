/** Reads the header of a GGUF file (v2, v3, shards too): metadata and where each tensor lies. No tensor data is read. */
import * as fs from "node:fs";
import * as path from "node:path";

import { SwapError } from "../../../shared/errors.ts";
import { ownFile } from "../own-file.ts";
import { shardName } from "./shards.ts";
import { FEWEST_BYTES } from "./value-types.ts";
import type { Stretch } from "../digests.ts";
import { HeaderCursor, truncated } from "./header-cursor.ts";
import type { GgufTypeName } from "./tensor-types.ts";
import { ggufType } from "./tensor-types.ts";

/** A metadata value. 64-bit integers are numbers where they are safe integers, otherwise bigint. */
export type GgufValue = number | bigint | boolean | string | readonly GgufValue[];

/** Where a tensor's data lies and how it is stored. */
export interface GgufTensor {
  readonly name: string;
  /** Innermost first: a weight of `dims` `[K, N]` holds N rows of K numbers. */
  readonly dims: readonly number[];
  readonly type: GgufTypeName;
  /** Absolute, in bytes, in `file`. */
  readonly offset: number;
  readonly bytes: number;
  /** Real path of the file that holds the data: a shard has its own tensors. */
  readonly file: string;
}

/** A read header. */
export interface GgufFile {
  /** As it was named, for messages. */
  readonly file: string;
  /** Real path (no symlinks); of the first shard when there are several. */
  readonly path: string;
  /** Bytes of all shards together. */
  readonly size: number;
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /** Where each metadata value lies, its type included. */
  readonly places: ReadonlyMap<string, Stretch>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  /** Absolute offset of the tensor data in `path`. */
  readonly dataStart: number;
}

const MOST_ENTRIES = 1 << 20;
const MOST_ELEMENTS = 1 << 24;
const DEEPEST_ARRAY = 4;

/**
 * Reads a GGUF header. The name of the file does not matter, the magic decides. A shard
 * (`name-00002-of-00003.gguf`) stands for all of its siblings, which must lie beside it.
 *
 * @throws SwapError `file-not-found`, `not-a-model`, `truncated-file`, `unsupported-model` (version),
 *   `unsupported-tensor-type` (a type number that GGML never gave out)
 */
export function readGguf(file: string): GgufFile {
  const name = shardName(file);
  const first = name?.sibling(1) ?? file;
  const shard = readOne(first);
  const count = shard.metadata.get("split.count");
  if (typeof count !== "number" || count <= 1) return shard;
  const tensors = new Map(shard.tensors);
  let size = shard.size;
  for (let number = 2; number <= count; number++) {
    const sibling = name?.sibling(number);
    if (!sibling || ownFile(path.dirname(file), path.basename(sibling), file) === null) {
      throw new SwapError(
        "file-not-found",
        `${file} is one of ${count} shards and shard ${number}${sibling ? ` (${path.basename(sibling)})` : ""} is not beside it.`,
        "Put all shards into one folder, with their original names.",
      );
    }
    const next = readOne(sibling);
    for (const [name, tensor] of next.tensors) tensors.set(name, tensor);
    size += next.size;
  }
  return { ...shard, size, tensors };
}

function readOne(file: string): GgufFile {
  if (!fs.existsSync(file) || !fs.statSync(file).isFile()) {
    throw new SwapError("file-not-found", `There is no file ${file}.`, "Check the path.");
  }
  const cursor = new HeaderCursor(file);
  try {
    return readHeader(cursor);
  } finally {
    cursor.close();
  }
}

function readHeader(cursor: HeaderCursor): GgufFile {
  const version = readVersion(cursor);
  const tensorCount = readCount(cursor, "tensors", MOST_ENTRIES);
  const metadataCount = readCount(cursor, "metadata entries", MOST_ENTRIES);
  const metadata = new Map<string, GgufValue>();
  const places = new Map<string, Stretch>();
  for (let i = 0; i < metadataCount; i++) {
    const key = cursor.string();
    const from = cursor.position;
    metadata.set(key, readValue(cursor, cursor.uint32(), 0));
    places.set(key, { file: cursor.real, from, bytes: cursor.position - from });
  }
  const alignment = metadata.get("general.alignment") ?? 32;
  if (typeof alignment !== "number" || !Number.isInteger(alignment) || alignment < 1 || alignment > 1 << 20) {
    throw damaged(cursor, `an alignment of ${JSON.stringify(alignment)}`);
  }
  const relative: GgufTensor[] = [];
  for (let i = 0; i < tensorCount; i++) relative.push(readTensorInfo(cursor));
  const dataStart = Math.ceil(cursor.position / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  let end = 0;
  for (const tensor of relative) {
    const offset = dataStart + tensor.offset;
    end = Math.max(end, offset + tensor.bytes);
    tensors.set(tensor.name, { ...tensor, offset });
  }
  if (end > cursor.size) throw truncated(cursor.file, end - cursor.size);
  const { file, real, size } = cursor;
  return { file, path: real, size, version, metadata, places, tensors, dataStart };
}

function readVersion(cursor: HeaderCursor): number {
  if (cursor.size < 4 || cursor.bytes(4).toString("latin1") !== "GGUF") {
    throw new SwapError(
      "not-a-model",
      `${cursor.file} is not a GGUF file: it does not start with "GGUF".`,
      "Choose a .gguf file or the blob of an Ollama model.",
    );
  }
  const version = cursor.uint32();
  if (version === 2 || version === 3) return version;
  const bigEndian = version >= 1 << 24;
  throw new SwapError(
    "unsupported-model",
    `${cursor.file}: ${bigEndian ? "a big-endian GGUF" : `GGUF version ${version}`} is not supported; versions 2 and 3, little-endian, are.`,
    "Convert the model again with a current llama.cpp.",
  );
}

function readCount(cursor: HeaderCursor, what: string, most: number): number {
  const count = cursor.length();
  if (count > most) throw damaged(cursor, `a count of ${count} ${what}`);
  return count;
}

function readValue(cursor: HeaderCursor, type: number, depth: number): GgufValue {
  switch (type) {
    case 0:
      return cursor.uint8();
    case 1:
      return cursor.int8();
    case 2:
      return cursor.uint16();
    case 3:
      return cursor.int16();
    case 4:
      return cursor.uint32();
    case 5:
      return cursor.int32();
    case 6:
      return cursor.float32();
    case 7:
      return cursor.uint8() !== 0;
    case 8:
      return cursor.string();
    case 9:
      return readArray(cursor, depth);
    case 10:
      return cursor.uint64();
    case 11:
      return cursor.int64();
    case 12:
      return cursor.float64();
    default:
      throw damaged(cursor, `a metadata type ${type}`);
  }
}

function readArray(cursor: HeaderCursor, depth: number): readonly GgufValue[] {
  if (depth >= DEEPEST_ARRAY) throw damaged(cursor, `arrays nested deeper than ${DEEPEST_ARRAY}`);
  const type = cursor.uint32();
  const count = cursor.length();
  cursor.expect(count * (FEWEST_BYTES[type] ?? 1));
  if (count > MOST_ELEMENTS) throw damaged(cursor, `an array of ${count} elements`);
  const values = new Array<GgufValue>(count);
  for (let i = 0; i < count; i++) values[i] = readValue(cursor, type, depth + 1);
  return values;
}

/** One entry of the tensor table; its offset is still relative to the data. */
function readTensorInfo(cursor: HeaderCursor): GgufTensor {
  const name = cursor.string();
  const rank = cursor.uint32();
  if (rank > 8) throw damaged(cursor, `a tensor of rank ${rank}`);
  const dims = Array.from({ length: rank }, () => cursor.length());
  const id = cursor.uint32();
  const offset = cursor.length();
  const type = ggufType(id);
  if (!type) {
    throw new SwapError(
      "unsupported-tensor-type",
      `${cursor.file}: tensor ${name} has the type number ${id}, which is not known.`,
      "Choose another quantisation of this model, for example Q8_0 or Q4_K_M, or a newer State Swap.",
    );
  }
  const elements = dims.reduce((product, dim) => product * dim, 1);
  const inner = dims[0] ?? 1;
  if (!Number.isSafeInteger(elements) || !Number.isSafeInteger(offset) || inner % type.blockSize !== 0) {
    throw damaged(cursor, `tensor ${name} of shape [${dims.join(", ")}], type ${type.name}`);
  }
  const bytes = (elements / type.blockSize) * type.blockBytes;
  return { name, dims, type: type.name, offset, bytes, file: cursor.real };
}

function damaged(cursor: HeaderCursor, what: string): SwapError {
  return new SwapError(
    "not-a-model",
    `${cursor.file} has ${what} before offset ${cursor.position}, which no GGUF has.`,
    "The file is damaged or no GGUF. Download it again.",
  );
}
