/** A `tokenizer.json` beside a model or named for it: read, and held against the model's vocabulary. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SwapError } from "../../../shared/errors.ts";
import type { ModelParts } from "../identity.ts";
import { tokenizerFromJson } from "./hub-tokenizer.ts";
import { readTokenizerFiles, tokenizerParts } from "./tokenizer-files.ts";
import type { JsonObject } from "./tokenizer-json.ts";
import { idsOf } from "./tokenizer-json.ts";
import type { PromptTokenizer } from "./tokenizer.ts";

/** A tokenizer that stands in a file of its own. */
export interface OtherTokenizer {
  /** Its `tokenizer.json`, absolute. */
  readonly file: string;
  readonly tokenizer: PromptTokenizer;
  readonly parts: Pick<ModelParts, "tokenizer" | "template">;
  /** Ids by token. */
  readonly ids: ReadonlyMap<string, number>;
}

/** Most rows of an embedding that no token has: models pad their vocabularies to a round number (Phi-2: 905). */
const MOST_PADDING = 1024;

const HINT = "Name the tokenizer.json of the model that the file was made from.";

/**
 * Reads a tokenizer with the files beside it.
 *
 * @param place a `tokenizer.json`, or its folder
 * @param own what the model's own configuration says; the files beside the tokenizer stand above it
 * @param model the model file whose folder it is found in; none where the user named it
 * @throws SwapError `file-not-found`, `tokenizer-missing`, `tokenizer-unsupported`, `unsupported-model` (a link out of the folder)
 */
export async function readOtherTokenizer(
  place: string,
  own: JsonObject,
  model?: string,
): Promise<OtherTokenizer> {
  if (!fs.existsSync(place)) {
    const message = `There is no file or folder at ${path.resolve(place)}.`;
    throw new SwapError("file-not-found", message, "Check the path of the tokenizer.");
  }
  const files = await readTokenizerFiles(place, model);
  const config: JsonObject = { ...own, ...files.tokenizerConfig };
  return {
    file: files.file,
    tokenizer: tokenizerFromJson(files.tokenizerJson, config),
    parts: { tokenizer: tokenizerParts(files), template: config.chat_template },
    ids: idsOf(files.tokenizerJson),
  };
}

/**
 * Refuses a tokenizer of another vocabulary's size.
 *
 * @param vocab ids that the model has
 * @throws SwapError `tokenizer-unsupported`
 */
export function requireSize({ file, tokenizer }: OtherTokenizer, vocab: number): void {
  const { size } = tokenizer;
  if (size <= vocab && vocab - size <= MOST_PADDING) return;
  throw new SwapError(
    "tokenizer-unsupported",
    `${file} has ${size} tokens, and the model has ${vocab}: it is another model's tokenizer.`,
    HINT,
  );
}

/**
 * Refuses a tokenizer that gives a token of the model's file another id.
 *
 * @param tokens of the model's file, by id
 * @throws SwapError `tokenizer-unsupported`
 */
export function requireSameIds({ file, ids }: OtherTokenizer, tokens: readonly string[]): void {
  // Of tokens that a file has twice the first one counts.
  const first = new Map<string, number>();
  for (const [id, token] of tokens.entries()) if (!first.has(token)) first.set(token, id);
  for (const [token, id] of first) {
    const other = ids.get(token);
    if (other === undefined || other === id) continue;
    throw new SwapError(
      "tokenizer-unsupported",
      `${file} gives the token ${JSON.stringify(token)} the id ${other}, and the model's file the id ${id}: it is another model's tokenizer.`,
      HINT,
    );
  }
}
