/** Cuts a GGUF into shards as `llama-gguf-split` does: metadata in the first one, tensors spread over all, counts in each. */
import * as fs from "node:fs";
import * as path from "node:path";
import { readGguf } from "../../../src/engine/model/gguf/reader.ts";
import { SCALAR_BYTES } from "../../../src/engine/model/gguf/value-types.ts";

const UINT16 = 2;
const INT32 = 5;
const ALIGNMENT = 32;

/**
 * Writes `<stem>-00001-of-0000N.gguf` and so on.
 *
 * @returns their names in order
 */
export function splitGguf(file: string, folder: string, stem: string, shards: number): string[] {
  const { tensors, dataStart } = readGguf(file);
  const whole = fs.readFileSync(file);
  const infos = tensorInfos(whole);
  const each = Math.ceil(infos.length / shards);
  return Array.from({ length: shards }, (_, shard) => {
    const own = infos.slice(shard * each, (shard + 1) * each);
    const kept = shard === 0 ? whole.subarray(24, infos[0]!.start) : Buffer.alloc(0);
    const count = (shard === 0 ? Number(whole.readBigUInt64LE(16)) : 0) + 3;
    const metadata = Buffer.concat([
      kept,
      entry("split.no", UINT16, shard),
      entry("split.count", UINT16, shards),
      entry("split.tensors.count", INT32, infos.length),
    ]);
    let at = 0;
    const headers: Buffer[] = [];
    const data: Buffer[] = [];
    for (const { name, start, end } of own) {
      const { offset, bytes } = tensors.get(name)!;
      const header = Buffer.from(whole.subarray(start, end));
      header.writeBigUInt64LE(BigInt(at), header.length - 8);
      headers.push(header);
      const padded = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
      data.push(whole.subarray(offset, offset + bytes), Buffer.alloc(padded - bytes));
      at += padded;
    }
    const head = Buffer.alloc(24);
    whole.copy(head, 0, 0, 8);
    head.writeBigUInt64LE(BigInt(own.length), 8);
    head.writeBigUInt64LE(BigInt(count), 16);
    const front = Buffer.concat([head, metadata, ...headers]);
    const pad = Buffer.alloc(Math.ceil(front.length / ALIGNMENT) * ALIGNMENT - front.length);
    const number = (value: number): string => String(value).padStart(5, "0");
    const target = `${stem}-${number(shard + 1)}-of-${number(shards)}.gguf`;
    fs.writeFileSync(path.join(folder, target), Buffer.concat([front, pad, ...data]));
    if (dataStart % ALIGNMENT !== 0) throw new Error("the file has another alignment than its shards");
    return target;
  });
}

/** A metadata entry of an integer type. */
function entry(key: string, type: number, value: number): Buffer {
  const bytes = type === UINT16 ? 2 : 4;
  const out = Buffer.alloc(8 + key.length + 4 + bytes);
  out.writeBigUInt64LE(BigInt(key.length), 0);
  out.write(key, 8);
  out.writeUInt32LE(type, 8 + key.length);
  if (type === UINT16) out.writeUInt16LE(value, 12 + key.length);
  else out.writeInt32LE(value, 12 + key.length);
  return out;
}

/** Where each tensor's header stands in the file: found from the back of the metadata by their names. */
function tensorInfos(whole: Buffer): { name: string; start: number; end: number }[] {
  const count = Number(whole.readBigUInt64LE(8));
  let at = 24;
  const length = (): number => {
    const value = Number(whole.readBigUInt64LE(at));
    at += 8;
    return value;
  };
  const string = (): string => {
    const bytes = length();
    at += bytes;
    return whole.toString("utf8", at - bytes, at);
  };
  const skip = (type: number): void => {
    if (type === 8) string();
    else if (type === 9) {
      const inner = whole.readUInt32LE(at);
      at += 4;
      for (let left = length(); left > 0; left--) skip(inner);
    } else at += SCALAR_BYTES[type]!;
  };
  for (let left = Number(whole.readBigUInt64LE(16)); left > 0; left--) {
    string();
    at += 4;
    skip(whole.readUInt32LE(at - 4));
  }
  return Array.from({ length: count }, () => {
    const start = at;
    const name = string();
    const rank = whole.readUInt32LE(at);
    at += 4 + 8 * rank + 4 + 8;
    return { name, start, end: at };
  });
}
