/** Latent attention, as new and as old files have it, with and without narrow queries, through the suite of every family. */
import { expect, test } from "vitest";
import { maxAbsDifference } from "../../../../../../src/engine/difference.ts";
import { DEEPSEEK2 } from "../../../../../../src/engine/model/gguf/families/deepseek2.ts";
import { familySuite } from "../../../../../support/gguf/family-suite.ts";
import type { TinyLatent } from "../../../../../support/gguf/gguf-latent.ts";
import type { TinyOptions } from "../../../../../support/gguf/gguf-random.ts";
import { tinyDecoder } from "../../../../../support/gguf/gguf-random.ts";
import { open, openFile, run } from "../../../../../support/gguf/gguf-variants.ts";
import { LATENT_FILES } from "../../../../../support/gguf/latent-files.ts";
import type { TensorData } from "../../../../../support/gguf/gguf-writer.ts";
import { gguf, temporaryFile } from "../../../../../support/gguf/gguf-writer.ts";

const ids = [3, 1, 4, 1, 5, 9];
const heads = { headWidth: 40, latent: { rank: 32, valueWidth: 16 } } satisfies TinyOptions;
const few = Object.entries(LATENT_FILES).map(([name, options]) => [name, { ...options, blocks: 2 }] as const);

familySuite(DEEPSEEK2, {
  ...Object.fromEntries(few),
  quantised: {
    ...heads,
    latent: { rank: 64, queryRank: 32, valueWidth: 32 },
    experts: { count: 4, used: 2, shared: 64 },
    feedForward: 32,
    type: () => "Q8_0",
  },
  "quantised, keys and values in one tensor": {
    ...heads,
    latent: { rank: 32, queryRank: 32, valueWidth: 24, isJoint: true },
    type: (name) => (name.includes("kv_b") ? "Q5_1" : "F16"),
  },
});

/** The same decoder as an old file has it: each head's rows of keys, turned round, then its rows of values. */
function inOneTensor(options: TinyOptions & { readonly latent: TinyLatent }): string {
  const apart = tinyDecoder(options);
  const { metadata } = tinyDecoder({ ...options, latent: { ...options.latent, isJoint: true } });
  const joint = apart.tensors
    .filter(({ name }) => name.includes("attn_k_b"))
    .map(({ name, dims, bytes }): TensorData => {
      const [unrotated, rank, count] = dims as [number, number, number];
      const keys = new Float32Array(bytes.buffer);
      const value = apart.tensors.find((tensor) => tensor.name === name.replace("attn_k_b", "attn_v_b"))!;
      const values = new Float32Array(value.bytes.buffer);
      const each = values.length / count;
      const rows = Array.from({ length: count }, (_, head) => [
        ...Array.from(
          { length: unrotated * rank },
          (_, at) => keys[(head * rank + (at % rank)) * unrotated + Math.floor(at / rank)]!,
        ),
        ...values.subarray(head * each, (head + 1) * each),
      ]).flat();
      return {
        name: name.replace("attn_k_b", "attn_kv_b"),
        dims: [rank, rows.length / rank],
        type: "F32",
        bytes: new Uint8Array(Float32Array.from(rows).buffer),
      };
    });
  const others = apart.tensors.filter(({ name }) => !/attn_[kv]_b/.test(name));
  return temporaryFile(gguf(metadata, [...others, ...joint]));
}

test("a new file and an old one of the same weights give the same keys, values and states", async () => {
  const options = { ...heads, family: DEEPSEEK2 };
  const fresh = await run(await open(options), ids);
  const old = await run(await openFile(inOneTensor(options), 1, DEEPSEEK2), ids);
  for (const [k, { key, value }] of fresh.keyValues.entries()) {
    expect(maxAbsDifference(old.keyValues[k]!.key, key)).toBeLessThan(1e-6);
    expect(maxAbsDifference(old.keyValues[k]!.value, value)).toBeLessThan(1e-6);
  }
  expect(maxAbsDifference(old.states.at(-1)!.data, fresh.states.at(-1)!.data)).toBeLessThan(1e-5);
});
