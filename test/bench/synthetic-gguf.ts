/** Writes decoders of the llama shape with random blocks and SmolLM2's tokenizer: as large as wanted, for measuring. */
import * as fs from "node:fs";
import type { GgufValue } from "../../src/engine/model/gguf/reader.ts";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import type { GgufTypeName } from "../../src/engine/model/gguf/tensor-types.ts";
import { typeNamed } from "../../src/engine/model/gguf/tensor-types.ts";
import { randomNumbers, randomTensor } from "../support/gguf/gguf-random.ts";
import type { WrittenTensor } from "./gguf-file.ts";
import { writeGguf } from "./gguf-file.ts";

/** A shape. */
export interface SyntheticShape {
  readonly type: GgufTypeName;
  readonly blocks: number;
  readonly width: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly feedForward: number;
}

/** By the names that `npm run bench:any-size` takes: Llama 3.2 1B, Llama 2 7B and Llama 1 30B, with SmolLM2's vocabulary. */
export const SYNTHETIC: Readonly<Record<string, SyntheticShape>> = {
  "1B": { type: "Q4_K", blocks: 16, width: 2048, heads: 32, keyValueHeads: 8, feedForward: 8192 },
  "7B": { type: "Q4_0", blocks: 32, width: 4096, heads: 32, keyValueHeads: 32, feedForward: 11008 },
  "30B": { type: "Q4_0", blocks: 60, width: 6656, heads: 52, keyValueHeads: 52, feedForward: 17920 },
};

/** Random blocks that are written again and again: a prime number, so that rows of a weight differ. */
const TILE_BLOCKS = 4099;
/** Blocks of a tile that are written at once. */
const TILES = 64;

/** Writes `to` unless it is there already. */
export function writeSyntheticGguf(tokenizerOf: string, to: string, shape: SyntheticShape): void {
  if (fs.existsSync(to)) return;
  const { width, heads, keyValueHeads, feedForward, blocks, type } = shape;
  const given = readGguf(tokenizerOf).metadata;
  const metadata = new Map<string, GgufValue>([
    ["general.architecture", "llama"],
    ["general.name", `synthetic, ${blocks} blocks of width ${width}`],
    ["llama.block_count", blocks],
    ["llama.context_length", 2048],
    ["llama.embedding_length", width],
    ["llama.feed_forward_length", feedForward],
    ["llama.attention.head_count", heads],
    ["llama.attention.head_count_kv", keyValueHeads],
    ["llama.attention.layer_norm_rms_epsilon", 1.0000000656873453e-5],
    ["llama.rope.dimension_count", width / heads],
    ["llama.rope.freq_base", 10000.5],
    ...[...given].filter(([key]) => key.startsWith("tokenizer.")),
  ]);
  const vocab = (given.get("tokenizer.ggml.tokens") as readonly string[]).length;
  const random = randomNumbers(16);
  const weight = (name: string, inputs: number, outputs: number): WrittenTensor => ({
    name: `${name}.weight`,
    dims: [inputs, outputs],
    type,
    data: () => randomBlocks(inputs, outputs, type, random),
  });
  const norm = (name: string): WrittenTensor => ({
    name: `${name}.weight`,
    dims: [width],
    type: "F32",
    data: () => [new Uint8Array(new Float32Array(width).fill(1).buffer)],
  });
  const keyValue = (width / heads) * keyValueHeads;
  const tensors = [
    weight("token_embd", width, vocab),
    ...Array.from({ length: blocks }, (_, k) => `blk.${k}`).flatMap((block) => [
      norm(`${block}.attn_norm`),
      weight(`${block}.attn_q`, width, width),
      weight(`${block}.attn_k`, width, keyValue),
      weight(`${block}.attn_v`, width, keyValue),
      weight(`${block}.attn_output`, width, width),
      norm(`${block}.ffn_norm`),
      weight(`${block}.ffn_gate`, width, feedForward),
      weight(`${block}.ffn_up`, width, feedForward),
      weight(`${block}.ffn_down`, feedForward, width),
    ]),
    norm("output_norm"),
    weight("output", width, vocab),
  ];
  writeGguf(to, metadata, tensors);
}

/** Random data of a weight, of a size that keeps states as long as they are. */
function* randomBlocks(
  inputs: number,
  outputs: number,
  type: GgufTypeName,
  random: () => number,
): Iterable<Uint8Array> {
  const { blockSize, blockBytes } = typeNamed(type);
  const tile = randomTensor("", [blockSize, TILE_BLOCKS], type, random, 1.7 / Math.sqrt(inputs)).bytes;
  const tiles = Buffer.concat(Array.from({ length: TILES }, () => tile));
  for (let left = ((inputs * outputs) / blockSize) * blockBytes; left > 0; left -= tiles.length)
    yield tiles.subarray(0, Math.min(left, tiles.length));
}
