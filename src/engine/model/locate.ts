/** Finds what a path means: a hub-layout folder, an ONNX file beside its tokenizer, a GGUF with or without its ending. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SwapError } from "../../shared/errors.ts";
import { shardName } from "./gguf/shards.ts";

/** A model as found on disk. All paths are absolute. */
export type LocatedModel =
  | {
      readonly kind: "onnx";
      readonly file: string;
      /** Folder of `tokenizer.json` and `config.json`. */
      readonly tokenizerFolder: string;
    }
  | { readonly kind: "gguf"; readonly file: string };

/** Graphs of a folder in the order in which one is chosen: full precision first, dynamic int8 never by itself. */
const PREFERRED = [
  "model.onnx",
  "decoder_model_merged.onnx",
  "decoder_model.onnx",
  "model_fp16.onnx",
  "model_q4.onnx",
  "model_q4f16.onnx",
  "model_bnb4.onnx",
  "decoder_model_merged_fp16.onnx",
  "decoder_model_merged_q4.onnx",
  "decoder_model_merged_q4f16.onnx",
];

/**
 * Locates the model behind a path.
 *
 * @param choice one graph of a folder, relative to it; null = the first of the preferred names
 * @throws SwapError `file-not-found`, `not-a-model`
 */
export function locateModel(modelPath: string, choice: string | null): LocatedModel {
  const absolute = path.resolve(modelPath);
  const stat = fs.statSync(absolute, { throwIfNoEntry: false });
  if (!stat) {
    throw new SwapError(
      "file-not-found",
      `There is no file or folder at ${absolute}.`,
      "Check the path of the model.",
    );
  }
  return stat.isDirectory() ? locateInFolder(absolute, choice) : locateFile(absolute);
}

function locateInFolder(folder: string, choice: string | null): LocatedModel {
  const root = latestSnapshot(folder) ?? folder;
  if (choice !== null) {
    const file = path.join(root, choice);
    if (!fs.existsSync(file)) {
      throw new SwapError("file-not-found", `There is no file ${choice} in ${root}.`, listing(root));
    }
    return locateFile(file);
  }
  const graphs = [path.join(root, "onnx"), root].flatMap((directory) => filesOf(directory, ".onnx"));
  const preferred = PREFERRED.flatMap((name) => graphs.filter((file) => path.basename(file) === name))[0];
  const only = graphs.length === 1 ? graphs[0] : undefined;
  const graph = preferred ?? only;
  if (graph) return locateFile(graph);
  // Further shards (`-00002-of-00003`) are parts of their first one.
  const ggufs = filesOf(root, ".gguf").filter((file) => (shardName(file)?.number ?? 1) === 1);
  if (graphs.length === 0 && ggufs.length === 1) return locateFile(ggufs[0]!);
  const found = [...graphs, ...ggufs].map((file) => path.relative(root, file));
  if (found.length > 0) {
    throw new SwapError(
      "not-a-model",
      `The folder ${root} holds several models and none with an ordinary name: ${found.join(", ")}.`,
      { code: "choose-file" },
    );
  }
  throw new SwapError(
    "not-a-model",
    `The folder ${root} holds no model: no .onnx file in it or in its onnx folder, and no .gguf file.`,
    "Give a folder in the layout of model hubs (config.json, tokenizer.json, onnx/model.onnx), an .onnx or a .gguf file.",
  );
}

function listing(root: string): string {
  const found = [root, path.join(root, "onnx")].flatMap((directory) => [
    ...filesOf(directory, ".onnx"),
    ...filesOf(directory, ".gguf"),
  ]);
  if (found.length === 0) return "The folder holds no model file.";
  return `It holds ${found.map((file) => path.relative(root, file)).join(", ")}.`;
}

function filesOf(directory: string, ending: string): string[] {
  if (!fs.existsSync(directory)) return [];
  return fs
    .readdirSync(directory)
    .filter((name) => name.toLowerCase().endsWith(ending))
    .sort()
    .map((name) => path.join(directory, name));
}

/** The newest snapshot of a folder in the Python hub cache's layout (`models--owner--name/snapshots/<revision>`). */
function latestSnapshot(folder: string): string | null {
  const snapshots = path.join(folder, "snapshots");
  if (!fs.existsSync(snapshots)) return null;
  const revisions = fs.readdirSync(snapshots).map((name) => path.join(snapshots, name));
  revisions.sort((a, b) => fs.statSync(b).mtimeMs - fs.statSync(a).mtimeMs);
  return revisions[0] ?? null;
}

function locateFile(file: string): LocatedModel {
  if (!fs.statSync(file).isFile()) {
    throw new SwapError(
      "not-a-model",
      `${file} is not an ordinary file.`,
      "Give the path of a model file; pipes and devices have no end that can be waited for.",
    );
  }
  if (firstBytes(file, 4).toString("latin1") === "GGUF") return { kind: "gguf", file };
  if (file.toLowerCase().endsWith(".onnx")) {
    return { kind: "onnx", file, tokenizerFolder: tokenizerFolderOf(file) };
  }
  if (file.toLowerCase().endsWith(".gguf")) {
    throw new SwapError(
      "not-a-model",
      `${file} is not a GGUF file: it does not begin with the letters GGUF.`,
      "The download may have failed: fetch the file again.",
    );
  }
  throw new SwapError(
    "not-a-model",
    `${file} is not a model: it is neither an .onnx file nor a GGUF file (by its first bytes).`,
    "Give an .onnx file beside its tokenizer.json, a GGUF file, or a folder in the layout of model hubs.",
  );
}

function firstBytes(file: string, count: number): Buffer {
  const handle = fs.openSync(file, "r");
  try {
    const buffer = Buffer.alloc(count);
    return buffer.subarray(0, fs.readSync(handle, buffer, 0, count, 0));
  } finally {
    fs.closeSync(handle);
  }
}

/** The graph's own folder, or the one above it (hub layout keeps graphs in `onnx/`). */
function tokenizerFolderOf(file: string): string {
  const own = path.dirname(file);
  const above = path.dirname(own);
  if (!fs.existsSync(path.join(own, "tokenizer.json")) && fs.existsSync(path.join(above, "tokenizer.json"))) {
    return above;
  }
  return own;
}
