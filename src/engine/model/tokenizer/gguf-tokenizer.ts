/** The tokenizer of a GGUF file: from its metadata, from a `tokenizer.json` that is named, or from one beside it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SwapError } from "../../../shared/errors.ts";
import { guessedSplitText } from "../../../shared/words/notes.ts";
import { ggufParts } from "../gguf/parts.ts";
import type { GgufFile } from "../gguf/reader.ts";
import type { ModelParts } from "../identity.ts";
import { tokenizerJsonFromGguf } from "./from-gguf.ts";
import { tokenizerFromJson } from "./hub-tokenizer.ts";
import { readOtherTokenizer, requireSameIds, requireSize } from "./named-tokenizer.ts";
import type { JsonObject } from "./tokenizer-json.ts";
import type { PromptTokenizer } from "./tokenizer.ts";

/** A tokenizer, what it and the model are made of, and what is worth knowing of it. */
export interface GgufTokenizer {
  readonly tokenizer: PromptTokenizer;
  /** The `tokenizer.json` that is taken in place of the file's own; null: its own. */
  readonly file: string | null;
  readonly parts: ModelParts;
  readonly notes: readonly string[];
}

/**
 * Opens the tokenizer. A `tokenizer.json` beside the file is taken only if the file does not say how text is split, and only
 * if it gives the file's tokens their ids: a folder may hold several models. One that is named is taken in any case.
 *
 * @param named a `tokenizer.json`, or its folder; null: the file's own
 * @throws SwapError as `tokenizerJsonFromGguf`, `readTokenizerFiles`, `requireSize` and `requireSameIds`
 */
export async function openGgufTokenizer(gguf: GgufFile, named: string | null): Promise<GgufTokenizer> {
  return named === null ? openOwn(gguf) : openNamed(gguf, named);
}

async function openOwn(gguf: GgufFile): Promise<GgufTokenizer> {
  const own = tokenizerJsonFromGguf(gguf.metadata);
  const parts = ggufParts(gguf);
  if (own.guessedSplit === null) {
    const tokenizer = tokenizerFromJson(own.tokenizerJson, own.tokenizerConfig);
    return { tokenizer, file: null, parts, notes: [] };
  }
  const folder = path.dirname(gguf.file);
  if (fs.existsSync(path.join(folder, "tokenizer.json"))) {
    const beside = await readOtherTokenizer(folder, own.tokenizerConfig, gguf.file);
    const tokens = tokensOf(gguf);
    if (
      tokens.every((token, id) => !beside.ids.has(token) || beside.ids.get(token) === id) &&
      beside.ids.size >= tokens.length / 2
    ) {
      const note = `tokenizer: tokenizer.json beside the file, whose own pre-tokenizer is ${own.guessedSplit}`;
      return {
        tokenizer: beside.tokenizer,
        file: beside.file,
        parts: { ...parts, ...beside.parts },
        notes: [note],
      };
    }
  }
  return {
    tokenizer: tokenizerFromJson(own.tokenizerJson, own.tokenizerConfig, own.guessedSplit),
    file: null,
    parts,
    notes: [guessedSplitText(own.guessedSplit)],
  };
}

async function openNamed(gguf: GgufFile, named: string): Promise<GgufTokenizer> {
  const other = await readOtherTokenizer(named, configOf(gguf));
  const tokens = tokensOf(gguf);
  // The embedding has a row for each of the file's tokens.
  if (tokens.length > 0) requireSize(other, tokens.length);
  requireSameIds(other, tokens);
  return {
    tokenizer: other.tokenizer,
    file: other.file,
    parts: { ...ggufParts(gguf), ...other.parts },
    notes: [],
  };
}

/** Special tokens and chat template of the file; `{}` where its tokenizer is of a kind that is not read, which another replaces. */
function configOf(gguf: GgufFile): JsonObject {
  try {
    return tokenizerJsonFromGguf(gguf.metadata).tokenizerConfig;
  } catch (error) {
    if (error instanceof SwapError) return {};
    throw error;
  }
}

function tokensOf({ metadata }: GgufFile): readonly string[] {
  const tokens = metadata.get("tokenizer.ggml.tokens");
  return Array.isArray(tokens) ? (tokens as readonly string[]) : [];
}
