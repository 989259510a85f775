/** Which models the files of one folder are: GGUF files with their shards, ONNX graphs beside or below their tokenizer. */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { GGUF_ARCHITECTURES } from "../model/gguf/families/table.ts";
import { areSiblings, shardName } from "../model/gguf/shards.ts";
import { modelName } from "../../shared/text/model-name.ts";
import type { ModelProblem, PlaceKind } from "../../shared/words/found-model.ts";
import type { FoundModel } from "./found-model.ts";
import { ggufFacts } from "./gguf-facts.ts";
import { ggufMemory, onnxMemory } from "./rough-memory.ts";
import type { WalkedFolder } from "./walk.ts";

/** Graphs of hub folders that are parts of other models, or no decoders from the first token on. */
const PARTS = /^(?:.*encoder|embed_tokens|decoder_with_past|.*_with_past|vision|audio|lm_head|speech)/i;

/** Number types by the endings of `@huggingface/transformers`. */
const SUFFIXES: readonly (readonly [RegExp, string])[] = [
  [/_(?:quantized|int8|uint8)$/i, "int8"],
  [/_q4f16$/i, "q4f16"],
  [/_bnb4$/i, "bnb4"],
  [/_fp16$/i, "fp16"],
  [/_(q\d\w*)$/i, "$1"],
];

const MOST_CONFIG_BYTES = 4 << 20;

/**
 * The models of a folder.
 *
 * @param findsBlobs whether files without an ending are looked into, for GGUF files under their hashes
 */
export async function modelsIn(
  { folder, files }: WalkedFolder,
  place: PlaceKind,
  findsBlobs: boolean,
): Promise<FoundModel[]> {
  const found: FoundModel[] = [];
  for (const file of files) {
    const isBlob = findsBlobs && (!file.includes(".") || file.startsWith("sha256"));
    if (/\.gguf$/i.test(file) || isBlob) {
      const model = await ggufModel(folder, file, files, place, isBlob);
      if (model) found.push(model);
    } else if (/\.onnx$/i.test(file) && !PARTS.test(file)) {
      const model = await onnxModel(folder, file, files, place);
      if (model) found.push(model);
    }
  }
  return found;
}

async function ggufModel(
  folder: string,
  file: string,
  files: readonly string[],
  place: PlaceKind,
  isBlob: boolean,
): Promise<FoundModel | null> {
  // Projectors of images stand beside the models that they belong to.
  if (/^mmproj/i.test(file)) return null;
  const shard = shardName(file);
  const parts = shard ? files.filter((name) => areSiblings(name, file)) : [file];
  // The shards that are there, in order: the first stands for all.
  if (parts[0] !== file) return null;
  const full = path.join(folder, file);
  const facts = await ggufFacts(full);
  if (!facts && isBlob) return null;
  const count = shard?.count ?? 1;
  const bytes = await bytesOf(folder, parts);
  const name = shard?.stem ?? modelName(full);
  return ggufEntry(
    { name, path: full, bytes, place },
    facts,
    parts.length < count ? { code: "shards", there: parts.length, of: count } : null,
  );
}

/** An entry for a GGUF whose place and name are known. */
export function ggufEntry(
  known: Pick<FoundModel, "name" | "path" | "bytes" | "place">,
  facts: Awaited<ReturnType<typeof ggufFacts>>,
  missing: ModelProblem | null,
): FoundModel {
  const architecture = facts?.architecture ?? null;
  const quantisation =
    facts?.quantisation ?? /(?:^|[-._])((?:IQ|Q|BF|F)\d\w*)/i.exec(known.name)?.[1] ?? null;
  const isKnown = architecture === null || GGUF_ARCHITECTURES.includes(architecture);
  const problem =
    missing ??
    (facts ? null : ({ code: "unreadable" } as const)) ??
    (isKnown ? null : ({ code: "architecture", architecture } as const));
  const memoryBytes = ggufMemory(known.bytes, quantisation);
  return { ...known, kind: "gguf", architecture, quantisation, memoryBytes, problem };
}

async function onnxModel(
  folder: string,
  file: string,
  files: readonly string[],
  place: PlaceKind,
): Promise<FoundModel | null> {
  const tokenizers = files.includes("tokenizer.json") ? folder : path.dirname(folder);
  const hasTokenizer = await fs.stat(path.join(tokenizers, "tokenizer.json")).catch(() => null);
  // Without a tokenizer it is none for prompts: workspaces hold graphs of all sorts.
  if (!hasTokenizer?.isFile()) return null;
  const full = path.join(folder, file);
  const data = files.filter(
    (name) => name.startsWith(`${file}_data`) || name.startsWith(`${file}.data`) || isDataBeside(file, name),
  );
  const bytes = await bytesOf(folder, [file, ...data]);
  const stem = file.replace(/\.onnx$/i, "");
  const suffix = SUFFIXES.find(([pattern]) => pattern.test(stem));
  const quantisation = suffix
    ? suffix[1] === "$1"
      ? suffix[0].exec(stem)![1]!.toLowerCase()
      : suffix[1]
    : null;
  return {
    name: modelName(full),
    path: full,
    kind: "onnx",
    bytes,
    place,
    architecture: await architectureOf(tokenizers),
    quantisation,
    memoryBytes: onnxMemory(bytes, quantisation),
    problem: null,
  };
}

function isDataBeside(graph: string, name: string): boolean {
  return name === graph.replace(/\.onnx$/i, ".data");
}

/** `model_type` of `config.json`. */
async function architectureOf(folder: string): Promise<string | null> {
  const file = path.join(folder, "config.json");
  try {
    if ((await fs.stat(file)).size > MOST_CONFIG_BYTES) return null;
    const config: unknown = JSON.parse(await fs.readFile(file, "utf8"));
    const type = (config as { model_type?: unknown } | null)?.model_type;
    return typeof type === "string" ? type : null;
  } catch {
    return null;
  }
}

async function bytesOf(folder: string, names: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    names.map(async (name) => (await fs.stat(path.join(folder, name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
