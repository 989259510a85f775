/** The tokenizer of a GGUF file: from its metadata, or from a `tokenizer.json` beside it where the metadata leave it to a guess. */
import * as fs from "node:fs";
import * as path from "node:path";
import { guessedSplitText } from "../../../shared/words/notes.ts";
import { ggufParts } from "../gguf/parts.ts";
import type { GgufFile } from "../gguf/reader.ts";
import type { ModelParts } from "../identity.ts";
import { tokenizerJsonFromGguf } from "./from-gguf.ts";
import { tokenizerFromJson } from "./hub-tokenizer.ts";
import { readTokenizerFiles, tokenizerParts } from "./tokenizer-files.ts";
import type { JsonObject } from "./tokenizer-json.ts";
import { isJsonObject } from "./tokenizer-json.ts";
import type { PromptTokenizer } from "./tokenizer.ts";

/** A tokenizer, what it and the model are made of, and what is worth knowing of it. */
export interface GgufTokenizer {
  readonly tokenizer: PromptTokenizer;
  readonly parts: ModelParts;
  readonly notes: readonly string[];
}

/**
 * Opens the tokenizer. A `tokenizer.json` beside the file is taken only if the file does not say how text is split, and only
 * if it gives the file's tokens their ids: a folder may hold several models.
 *
 * @throws SwapError as `tokenizerJsonFromGguf` and `readTokenizerFiles`
 */
export async function openGgufTokenizer(gguf: GgufFile): Promise<GgufTokenizer> {
  const own = tokenizerJsonFromGguf(gguf.metadata);
  const parts = ggufParts(gguf);
  if (own.guessedSplit === null) {
    return { tokenizer: tokenizerFromJson(own.tokenizerJson, own.tokenizerConfig), parts, notes: [] };
  }
  const folder = path.dirname(gguf.file);
  if (fs.existsSync(path.join(folder, "tokenizer.json"))) {
    const files = await readTokenizerFiles(folder);
    const ids = idsOf(files.tokenizerJson);
    const tokens = gguf.metadata.get("tokenizer.ggml.tokens") as readonly string[];
    if (
      tokens.every((token, id) => !ids.has(token) || ids.get(token) === id) &&
      ids.size >= tokens.length / 2
    ) {
      const config: JsonObject = { ...own.tokenizerConfig, ...files.tokenizerConfig };
      return {
        tokenizer: tokenizerFromJson(files.tokenizerJson, config),
        parts: { ...parts, tokenizer: tokenizerParts(folder, files), template: config.chat_template },
        notes: [`tokenizer: tokenizer.json beside the file, whose own pre-tokenizer is ${own.guessedSplit}`],
      };
    }
  }
  return {
    tokenizer: tokenizerFromJson(own.tokenizerJson, own.tokenizerConfig, own.guessedSplit),
    parts,
    notes: [guessedSplitText(own.guessedSplit)],
  };
}

/** Ids by token, added tokens among them; empty for a vocabulary that is no table. */
function idsOf(tokenizerJson: unknown): ReadonlyMap<string, number> {
  const { model, added_tokens: added } = isJsonObject(tokenizerJson) ? tokenizerJson : {};
  const vocab = isJsonObject(model) && isJsonObject(model.vocab) ? model.vocab : {};
  const ids = new Map(Object.entries(vocab) as [string, number][]);
  for (const token of Array.isArray(added) ? added.filter(isJsonObject) : []) {
    ids.set(String(token.content), Number(token.id));
  }
  return ids;
}
