/** Writes a GGUF file's weights anew as float32, so that the benchmark compares peers on the same numbers. */
import * as fs from "node:fs";
import type { GgufValue } from "../../src/engine/model/gguf/reader.ts";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import { TensorSource } from "../../src/engine/model/gguf/tensor-source.ts";

/** Types of metadata values in the file (GGUF specification, version 3). */
const TYPE = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9, u64: 10 } as const;
const ALIGNMENT = 32;

/** Writes `to` unless it is there already; all tensors become F32, the metadata stays. */
export function writeFp32Gguf(from: string, to: string): void {
  if (fs.existsSync(to)) return;
  const gguf = readGguf(from);
  const metadata = [...gguf.metadata].filter(([key]) => key !== "general.alignment");
  const header: Buffer[] = [Buffer.from("GGUF"), u32(3), u64(gguf.tensors.size), u64(metadata.length)];
  for (const [key, value] of metadata) header.push(text(key), typed(value));
  let offset = 0;
  for (const { name, dims } of gguf.tensors.values()) {
    header.push(text(name), u32(dims.length), ...dims.map(u64), u32(0), u64(offset));
    offset += padded(4 * dims.reduce((product, dim) => product * dim, 1));
  }
  const head = Buffer.concat(header);
  const part = `${to}.part`;
  const file = fs.openSync(part, "w");
  const source = new TensorSource();
  fs.writeSync(file, Buffer.concat([head, Buffer.alloc(padded(head.length) - head.length)]));
  for (const tensor of gguf.tensors.values()) {
    const floats = source.floats(tensor);
    const bytes = Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength);
    fs.writeSync(file, Buffer.concat([bytes, Buffer.alloc(padded(bytes.length) - bytes.length)]));
  }
  source.close();
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
