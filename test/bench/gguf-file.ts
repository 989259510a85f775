/** Writes GGUF files tensor by tensor, however large: metadata in the types that it needs, data from whoever makes it. */
import * as fs from "node:fs";
import type { GgufValue } from "../../src/engine/model/gguf/reader.ts";
import type { GgufTypeName } from "../../src/engine/model/gguf/tensor-types.ts";
import { typeNamed } from "../../src/engine/model/gguf/tensor-types.ts";

/** Types of metadata values in the file (GGUF specification, version 3). */
const TYPE = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9, u64: 10 } as const;
const ALIGNMENT = 32;

/** A tensor to be written; `dims` innermost first. */
export interface WrittenTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: GgufTypeName;
  /** Its data, in pieces. */
  readonly data: () => Iterable<Uint8Array>;
}

/** Writes `to`, whole or not at all. */
export function writeGguf(
  to: string,
  metadata: ReadonlyMap<string, GgufValue>,
  tensors: readonly WrittenTensor[],
): void {
  const entries = [...metadata].filter(([key]) => key !== "general.alignment");
  const header: Buffer[] = [Buffer.from("GGUF"), u32(3), u64(tensors.length), u64(entries.length)];
  for (const [key, value] of entries) header.push(text(key), typed(value));
  let offset = 0;
  for (const { name, dims, type } of tensors) {
    const { blockSize, blockBytes, id } = typeNamed(type);
    header.push(text(name), u32(dims.length), ...dims.map(u64), u32(id), u64(offset));
    offset += padded((dims.reduce((product, dim) => product * dim, 1) / blockSize) * blockBytes);
  }
  const part = `${to}.part`;
  const file = fs.openSync(part, "w");
  const write = (pieces: Iterable<Uint8Array>): void => {
    let length = 0;
    for (const piece of pieces) {
      fs.writeSync(file, piece);
      length += piece.length;
    }
    fs.writeSync(file, new Uint8Array(padded(length) - length));
  };
  write([Buffer.concat(header)]);
  for (const { data } of tensors) write(data());
  fs.closeSync(file);
  fs.renameSync(part, to);
}

function padded(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
}

function u64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
}

function f32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeFloatLE(value);
  return out;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([u64(bytes.length), bytes]);
}

/** A value with its type in front. */
function typed(value: GgufValue): Buffer {
  const [type, bytes] = encoded(value);
  return Buffer.concat([u32(type), bytes]);
}

function encoded(value: GgufValue): readonly [number, Buffer] {
  if (typeof value === "string") return [TYPE.string, text(value)];
  if (typeof value === "boolean") return [TYPE.bool, Buffer.from([value ? 1 : 0])];
  if (typeof value === "bigint") return [TYPE.u64, u64(Number(value))];
  if (typeof value === "number") {
    const isCount = Number.isInteger(value) && value >= 0 && value < 2 ** 32;
    return isCount ? [TYPE.u32, u32(value)] : [TYPE.f32, f32(value)];
  }
  const items = value.map(encoded);
  // One type for all: floats where one of them is none.
  const isFloat = items.some(([type]) => type === TYPE.f32);
  const type = isFloat ? TYPE.f32 : (items[0]?.[0] ?? TYPE.u32);
  const bytes = isFloat ? value.map((item) => f32(Number(item))) : items.map(([, item]) => item);
  return [TYPE.array, Buffer.concat([u32(type), u64(value.length), ...bytes])];
}
