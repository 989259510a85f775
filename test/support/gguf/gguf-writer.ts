/** Writes GGUF files for tests: any metadata, tensors of any supported type. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { onTestFinished } from "vitest";

import type { GgufTypeName } from "../../../src/engine/model/gguf/tensor-types.ts";
import { typeNamed } from "../../../src/engine/model/gguf/tensor-types.ts";

/** Metadata with its type in the file. */
export type Entry =
  | readonly ["u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "f32" | "f64", number]
  | readonly ["u64" | "i64", bigint]
  | readonly ["bool", boolean]
  | readonly ["string", string]
  | readonly ["array", string, readonly unknown[]];

/** A tensor to write; `dims` innermost first. */
export interface TensorData {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: GgufTypeName;
  readonly bytes: Uint8Array;
}

const valueTypes = [
  "u8",
  "i8",
  "u16",
  "i16",
  "u32",
  "i32",
  "f32",
  "bool",
  "string",
  "array",
  "u64",
  "i64",
  "f64",
];
/** Serialises a GGUF file (GGUF specification, version 3). */
export function gguf(
  metadata: Readonly<Record<string, Entry>>,
  tensors: readonly TensorData[],
  options: { readonly version?: number; readonly alignment?: number } = {},
): Uint8Array {
  const parts: Uint8Array[] = [];
  const push = (bytes: Uint8Array): void => {
    parts.push(bytes);
  };
  const scalar = (length: number, write: (view: DataView) => void): void => {
    const bytes = new Uint8Array(length);
    write(new DataView(bytes.buffer));
    push(bytes);
  };
  const u32 = (value: number): void => {
    scalar(4, (view) => {
      view.setUint32(0, value, true);
    });
  };
  const u64 = (value: number | bigint): void => {
    scalar(8, (view) => {
      view.setBigUint64(0, BigInt(value), true);
    });
  };
  const text = (value: string): void => {
    const bytes = new TextEncoder().encode(value);
    u64(bytes.length);
    push(bytes);
  };
  const value = (type: string, data: unknown): void => {
    const number = Number(data);
    const writers: Record<string, () => void> = {
      u8: () => {
        scalar(1, (view) => {
          view.setUint8(0, number);
        });
      },
      i8: () => {
        scalar(1, (view) => {
          view.setInt8(0, number);
        });
      },
      bool: () => {
        scalar(1, (view) => {
          view.setUint8(0, number);
        });
      },
      u16: () => {
        scalar(2, (view) => {
          view.setUint16(0, number, true);
        });
      },
      i16: () => {
        scalar(2, (view) => {
          view.setInt16(0, number, true);
        });
      },
      u32: () => {
        u32(number);
      },
      i32: () => {
        scalar(4, (view) => {
          view.setInt32(0, number, true);
        });
      },
      f32: () => {
        scalar(4, (view) => {
          view.setFloat32(0, number, true);
        });
      },
      f64: () => {
        scalar(8, (view) => {
          view.setFloat64(0, number, true);
        });
      },
      u64: () => {
        u64(data as bigint);
      },
      i64: () => {
        scalar(8, (view) => {
          view.setBigInt64(0, data as bigint, true);
        });
      },
      string: () => {
        text(data as string);
      },
    };
    writers[type]!();
  };
  push(new TextEncoder().encode("GGUF"));
  u32(options.version ?? 3);
  u64(tensors.length);
  u64(Object.keys(metadata).length);
  for (const [key, entry] of Object.entries(metadata)) {
    text(key);
    u32(valueTypes.indexOf(entry[0]));
    if (entry[0] === "array") {
      u32(valueTypes.indexOf(entry[1]));
      u64(entry[2].length);
      for (const element of entry[2]) value(entry[1], element);
    } else value(entry[0], entry[1]);
  }
  const alignment = options.alignment ?? 32;
  const aligned = (length: number): number => Math.ceil(length / alignment) * alignment;
  let offset = 0;
  for (const { name, dims, type, bytes } of tensors) {
    text(name);
    u32(dims.length);
    for (const dim of dims) u64(dim);
    u32(typeNamed(type).id);
    u64(offset);
    offset += aligned(bytes.length);
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  push(new Uint8Array(aligned(length) - length));
  for (const { bytes } of tensors) {
    push(bytes);
    push(new Uint8Array(aligned(bytes.length) - bytes.length));
  }
  return Buffer.concat(parts);
}

/** Writes bytes to a file in a folder that goes away after the test. Returns the path. */
export function temporaryFile(bytes: Uint8Array, name = "model.gguf", folder = temporaryFolder()): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** A folder that goes away after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "gguf-test-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
