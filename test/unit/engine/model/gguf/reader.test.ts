/** The header reader: every metadata type, shards, blobs without a name, and files that are cut short, damaged or hostile. */
import { symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";

import { describe, expect, test } from "vitest";

import { readGguf } from "../../../../../src/engine/model/gguf/reader.ts";
import { SwapError } from "../../../../../src/shared/errors.ts";
import { randomNumbers, randomTensor, tinyDecoder } from "../../../../support/gguf/gguf-random.ts";
import type { Entry } from "../../../../support/gguf/gguf-writer.ts";
import { gguf, temporaryFile, temporaryFolder } from "../../../../support/gguf/gguf-writer.ts";

/** What reading a file throws; fails when it throws nothing or something else than a SwapError. */
function failure(file: string): SwapError {
  try {
    readGguf(file);
  } catch (error) {
    expect(error).toBeInstanceOf(SwapError);
    return error as SwapError;
  }
  throw new Error("the file was read");
}

const model = (): Uint8Array => {
  const { metadata, tensors } = tinyDecoder({ type: (name) => (name.includes("ffn") ? "Q4_0" : "F16") });
  return gguf(
    { ...metadata, "tokenizer.ggml.tokens": ["array", "string", ["<s>", "Ġthe", "日本", "🙂", ""]] },
    tensors,
  );
};

test("every metadata type comes back", () => {
  const metadata: Record<string, Entry> = {
    u8: ["u8", 200],
    i8: ["i8", -3],
    u16: ["u16", 60_000],
    i16: ["i16", -300],
    u32: ["u32", 4e9],
    i32: ["i32", -5],
    f32: ["f32", 0.5],
    f64: ["f64", 0.1],
    yes: ["bool", true],
    no: ["bool", false],
    text: ["string", "Grüße 🙂"],
    small: ["u64", 7n],
    large: ["u64", 2n ** 63n],
    negative: ["i64", -(2n ** 60n)],
    numbers: ["array", "i32", [1, -2, 3]],
    strings: ["array", "string", ["a", "", "Ġthe", "日本語"]],
    none: ["array", "string", []],
  };
  const read = readGguf(temporaryFile(gguf(metadata, [])));
  expect(Object.fromEntries(read.metadata)).toEqual({
    u8: 200,
    i8: -3,
    u16: 60_000,
    i16: -300,
    u32: 4e9,
    i32: -5,
    f32: 0.5,
    f64: 0.1,
    yes: true,
    no: false,
    text: "Grüße 🙂",
    small: 7,
    large: 2n ** 63n,
    negative: -(2n ** 60n),
    numbers: [1, -2, 3],
    strings: ["a", "", "Ġthe", "日本語"],
    none: [],
  });
});

test("strings that are no UTF-8 do not spoil their neighbours", () => {
  const words = ["ab", "cd", "ef", "gh", "日本", "x"];
  const bytes = Buffer.from(gguf({ words: ["array", "string", words] }, []));
  // A character cut in two across two strings, and a lone byte.
  bytes.set([0x61, 0xc3], bytes.indexOf("cd"));
  bytes.set([0xa9, 0x62], bytes.indexOf("ef"));
  bytes.set([0xff, 0x63], bytes.indexOf("gh"));
  const read = readGguf(temporaryFile(bytes)).metadata.get("words");
  expect(read).toEqual(["ab", "a\ufffd", "\ufffdb", "\ufffdc", "日本", "x"]);
});

test("a header longer than the read window is read across its borders", () => {
  const strings = Array.from({ length: 150_000 }, (_, i) => `token ${i} ${"é".repeat(i % 7)}`);
  const long = "x".repeat(3_000_000);
  const bytes = gguf({ strings: ["array", "string", strings], long: ["string", long], end: ["u32", 42] }, []);
  const { metadata } = readGguf(temporaryFile(bytes));
  expect(metadata.get("strings")).toEqual(strings);
  expect(metadata.get("long")).toBe(long);
  expect(metadata.get("end")).toBe(42);
});

test.each([32, 64, 4096])("tensors lie where the header says, alignment %i", (alignment) => {
  const random = randomNumbers(3);
  const tensors = [
    randomTensor("a", [64, 3], "Q4_1", random),
    randomTensor("b", [5], "F32", random),
    randomTensor("c", [256, 2], "Q6_K", random),
  ];
  const bytes = gguf({ "general.alignment": ["u32", alignment] }, tensors, { alignment });
  const file = readGguf(temporaryFile(bytes, "no-extension"));
  for (const { name, dims, type, bytes: data } of tensors) {
    const tensor = file.tensors.get(name)!;
    expect(tensor).toMatchObject({ name, dims, type, bytes: data.length, file: file.path });
    expect(bytes.subarray(tensor.offset, tensor.offset + tensor.bytes)).toEqual(Buffer.from(data));
  }
  expect(file.dataStart % alignment).toBe(0);
  expect(file.size).toBe(bytes.length);
});

test("a symlink is followed to the real file, as in a hub cache", () => {
  const blob = temporaryFile(model(), "sha256-0123");
  const link = path.join(temporaryFolder(), "model.gguf");
  symlinkSync(blob, link);
  const file = readGguf(link);
  expect(path.basename(file.path)).toBe("sha256-0123");
  expect(file.file).toBe(link);
  expect(file.metadata.get("general.architecture")).toBe("llama");
});

test("version 2 is read; versions 1 and 4 and big-endian files are refused", () => {
  expect(readGguf(temporaryFile(gguf({}, [], { version: 2 }))).version).toBe(2);
  for (const version of [1, 4, 3 << 24]) {
    expect(failure(temporaryFile(gguf({}, [], { version }))).code).toBe("unsupported-model");
  }
  expect(failure(temporaryFile(gguf({}, [], { version: 3 << 24 }))).message).toContain("big-endian");
});

describe("shards", () => {
  const write = (folder: string, missing?: number): string => {
    const { metadata, tensors } = tinyDecoder();
    for (const number of [1, 2, 3]) {
      if (number === missing) continue;
      const own = tensors.filter((_, i) => i % 3 === number - 1);
      const split: Record<string, Entry> = { "split.no": ["u16", number - 1], "split.count": ["u16", 3] };
      const bytes = gguf(number === 1 ? { ...metadata, ...split } : split, own);
      writeFileSync(path.join(folder, `tiny-0000${number}-of-00003.gguf`), bytes);
    }
    return folder;
  };
  test.each([1, 2, 3])("shard %i opens all of them", (number) => {
    const folder = write(temporaryFolder());
    const file = readGguf(path.join(folder, `tiny-0000${number}-of-00003.gguf`));
    expect(file.metadata.get("llama.block_count")).toBe(2);
    expect(new Set(file.tensors.keys())).toEqual(new Set(tinyDecoder().tensors.map(({ name }) => name)));
    expect(new Set([...file.tensors.values()].map((tensor) => path.basename(tensor.file))).size).toBe(3);
  });
  test("a missing shard is named", () => {
    const folder = write(temporaryFolder(), 2);
    const error = failure(path.join(folder, "tiny-00003-of-00003.gguf"));
    expect(error.code).toBe("file-not-found");
    expect(error.message).toContain("tiny-00002-of-00003.gguf");
  });
  test("a missing first shard is named", () => {
    const folder = write(temporaryFolder(), 1);
    const error = failure(path.join(folder, "tiny-00003-of-00003.gguf"));
    expect(error.code).toBe("file-not-found");
    expect(error.message).toContain("tiny-00001-of-00003.gguf");
  });
});

describe("bad files", () => {
  test("no file and a folder", () => {
    const folder = temporaryFolder();
    expect(failure(path.join(folder, "nothing.gguf")).code).toBe("file-not-found");
    expect(failure(folder).code).toBe("file-not-found");
  });

  test.each([
    ["empty", new Uint8Array(0)],
    ["three bytes", new TextEncoder().encode("GGU")],
    ["text", new TextEncoder().encode("version https://git-lfs.github.com/spec/v1")],
    ["zeros", new Uint8Array(5000)],
  ])("%s: not a model", (_, bytes) => {
    expect(failure(temporaryFile(bytes)).code).toBe("not-a-model");
  });

  test("a file cut anywhere is truncated, and data that is missing is counted to the byte", () => {
    const whole = model();
    const file = temporaryFile(whole);
    const { dataStart, tensors } = readGguf(file);
    const end = Math.max(...[...tensors.values()].map((tensor) => tensor.offset + tensor.bytes));
    for (let length = 4; length < end; length += length < dataStart ? 7 : 997) {
      writeFileSync(file, whole.subarray(0, length));
      const error = failure(file);
      expect(error.code).toBe("truncated-file");
      const missing = Number(/at least (\d+) byte/.exec(error.message)![1]);
      expect(missing).toBeGreaterThan(0);
      if (length >= dataStart) expect(missing).toBe(end - length);
    }
  });

  test("counts and lengths beyond the file are refused at once, whatever they claim", () => {
    const bytes = gguf({ words: ["array", "string", ["one", "two"]], name: ["string", "x"] }, []);
    const at = (text: string): number => Buffer.from(bytes).indexOf(text);
    const claims: [number, bigint][] = [
      [8, 2n ** 62n],
      [16, 2n ** 62n],
      [at("words") + 5 + 4 + 4, 2n ** 40n],
      [at("words") + 5 + 4 + 4, 2n ** 63n],
      [at("one") - 8, 2n ** 33n],
      [at("name") - 8, 2n ** 64n - 1n],
    ];
    const started = performance.now();
    for (const [offset, claim] of claims) {
      const copy = Uint8Array.from(bytes);
      new DataView(copy.buffer).setBigUint64(offset, claim, true);
      expect(["truncated-file", "not-a-model"]).toContain(failure(temporaryFile(copy)).code);
    }
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("arrays nested without end are refused", () => {
    const head = Buffer.from(gguf({ a: ["array", "u8", []] }, []));
    const start = head.indexOf("a") + 1 + 4;
    const level = Buffer.alloc(12);
    level.writeUInt32LE(9, 0);
    level.writeBigUInt64LE(1n, 4);
    const nested = Buffer.concat([head.subarray(0, start), ...Array.from({ length: 50_000 }, () => level)]);
    expect(failure(temporaryFile(nested)).code).toBe("not-a-model");
  });

  test("an unknown tensor type is named with its tensor", () => {
    const bytes = Buffer.from(gguf({}, [randomTensor("strange", [32], "F32", randomNumbers(1))]));
    bytes.writeUInt32LE(97, bytes.indexOf("strange") + 7 + 4 + 8);
    const error = failure(temporaryFile(bytes));
    expect(error.code).toBe("unsupported-tensor-type");
    expect(error.message).toContain("strange");
    expect(error.message).toContain("97");
  });

  test("random damage in the header never ends in anything but a SwapError or a header", () => {
    const whole = model();
    const file = temporaryFile(whole);
    const { dataStart } = readGguf(file);
    const random = randomNumbers(11);
    for (let trial = 0; trial < 400; trial++) {
      const copy = Uint8Array.from(whole);
      for (let i = 0; i < 3; i++) copy[Math.floor(random() * dataStart)] = Math.floor(random() * 256);
      writeFileSync(file, copy);
      try {
        const read = readGguf(file);
        for (const tensor of read.tensors.values()) {
          expect(tensor.offset + tensor.bytes).toBeLessThanOrEqual(read.size);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(SwapError);
      }
    }
  });
});
