/** A file with one tensor of every GGML type: its table is read, and every weight is what gguf-py and ggml make of it. */
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { readGguf } from "../../../src/engine/model/gguf/reader.ts";
import { TensorSource } from "../../../src/engine/model/gguf/tensor-source.ts";

const shared =
  process.env.STATE_SWAP_FIXTURES ?? fileURLToPath(new URL("../../../../shared/fixtures", import.meta.url));
const folder = path.join(shared, "gguf_blocks__all");

describe.skipIf(!existsSync(folder))("a file of all types", () => {
  const golden = existsSync(folder)
    ? (JSON.parse(readFileSync(path.join(folder, "blocks.json"), "utf8")) as {
        readonly tensors: Readonly<Record<string, { readonly values: readonly (readonly number[])[] }>>;
      })
    : { tensors: {} };
  test.each(Object.entries(golden.tensors))("%s", (type, { values }) => {
    const { tensors } = readGguf(path.join(folder, "model.gguf"));
    const tensor = tensors.get(`t.${type}`)!;
    const source = new TensorSource();
    expect(tensor.type).toBe(type);
    const got = source.floats(tensor);
    source.close();
    const expected = values.flat();
    expect(got).toHaveLength(expected.length);
    for (const [i, weight] of got.entries()) {
      expect(Math.abs(weight - expected[i]!)).toBeLessThanOrEqual(4e-7 * Math.abs(expected[i]!));
    }
  });
});
