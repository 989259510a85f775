/** Finds and reads a tokenizer's files in a model folder. */
import * as fs from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import * as path from "node:path";

import { SwapError } from "../../../shared/errors.ts";
import type { Part } from "../identity.ts";
import { ownFile } from "../own-file.ts";
import type { JsonObject } from "./tokenizer-json.ts";
import { isJsonObject } from "./tokenizer-json.ts";

/**
 * Contents of `tokenizer.json`, and of `tokenizer_config.json` with what its neighbours add: special tokens, the chat
 * template, and the model's `eos_token_id`.
 */
export interface TokenizerFiles {
  /** The `tokenizer.json`, absolute. */
  readonly file: string;
  readonly tokenizerJson: unknown;
  readonly tokenizerConfig: JsonObject;
}

/** Forms of tokenizers that are met in model folders and are not read. */
const OTHER_FORMS = [
  "tokenizer.model",
  "vocab.json",
  "merges.txt",
  "vocab.txt",
  "tekken.json",
  "spiece.model",
];

/**
 * Reads the tokenizer of a folder, or of a file with what is beside it. `chat_template.jinja` stands above `chat_template.json`, and both above the config's own;
 * `special_tokens_map.json` fills in special tokens that the config does not name. `generation_config.json` stands above
 * `config.json`, as in Hugging Face's `generate`.
 *
 * @param model the model file that the tokenizer belongs to, for {@link ownFile}
 * @throws SwapError `tokenizer-missing`, `tokenizer-unsupported` (a file that is not JSON), `unsupported-model` as {@link ownFile}
 */
export async function readTokenizerFiles(place: string, model?: string): Promise<TokenizerFiles> {
  const isFile = fs.statSync(place, { throwIfNoEntry: false })?.isFile() === true;
  const [directory, name] = isFile ? [path.dirname(place), path.basename(place)] : [place, "tokenizer.json"];
  const asked = model ?? (isFile ? place : undefined);
  const tokenizerJson = await readJson(directory, name, asked);
  if (tokenizerJson === undefined) throw await missing(directory);
  const config = await readJson(directory, "tokenizer_config.json", asked);
  const map = await readJson(directory, "special_tokens_map.json", asked);
  const merged: Record<string, unknown> = isJsonObject(config) ? { ...config } : {};
  if (isJsonObject(map)) for (const [key, value] of Object.entries(map)) merged[key] ??= value;
  const template = await readChatTemplate(directory, asked);
  if (template !== null) merged.chat_template = template;
  const ends = await readEndIds(directory, asked);
  if (ends !== undefined) merged.eos_token_id = ends;
  return { file: path.resolve(directory, name), tokenizerJson, tokenizerConfig: merged };
}

/** What of the config the tokenizer reads, beside names of tokens. */
const TOKENIZER_FIELDS = [
  "clean_up_tokenization_spaces",
  "do_lowercase_and_remove_accent",
  "remove_space",
  "target_lang",
];

/** What tokens depend on: `tokenizer.json` as it is, and what is read of the files beside it. */
export function tokenizerParts({ file: named, tokenizerConfig }: TokenizerFiles): readonly Part[] {
  const file = fs.realpathSync(named);
  const read = Object.entries(tokenizerConfig)
    .filter(([key]) => TOKENIZER_FIELDS.includes(key) || /_token(s|_id)?$/.test(key))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    { name: "tokenizer.json", file, from: 0, bytes: fs.statSync(file).size },
    { name: "config", text: JSON.stringify(read) },
  ];
}

async function readChatTemplate(directory: string, model?: string): Promise<unknown> {
  const jinja = await readText(directory, "chat_template.jinja", model);
  if (jinja !== undefined) return jinja;
  const json = await readJson(directory, "chat_template.json", model);
  return isJsonObject(json) ? (json.chat_template ?? null) : null;
}

/** `eos_token_id` of the model's files: a number, a list, or undefined where none names it. */
async function readEndIds(directory: string, model?: string): Promise<unknown> {
  for (const name of ["generation_config.json", "config.json"]) {
    const config = await readJson(directory, name, model);
    if (!isJsonObject(config)) continue;
    // Models of text and images keep the decoder's part apart.
    const nested = isJsonObject(config.text_config) ? config.text_config.eos_token_id : undefined;
    const ends = config.eos_token_id ?? nested ?? undefined;
    if (ends !== undefined) return ends;
  }
  return undefined;
}

async function readJson(directory: string, name: string, model?: string): Promise<unknown> {
  const text = await readText(directory, name, model);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SwapError(
      "tokenizer-unsupported",
      `${path.join(directory, name)} is not valid JSON.`,
      "The file is damaged: download it again.",
      { cause },
    );
  }
}

async function readText(directory: string, name: string, model?: string): Promise<string | undefined> {
  const file = ownFile(directory, name, model);
  if (file === null) return undefined;
  try {
    return (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  } catch (cause) {
    throw new SwapError(
      "tokenizer-missing",
      `${path.join(directory, name)} cannot be read.`,
      "Check its permissions.",
      {
        cause,
      },
    );
  }
}

async function missing(directory: string): Promise<SwapError> {
  const names = await readdir(directory).catch((): string[] => []);
  const others = OTHER_FORMS.filter((name) => names.includes(name));
  return new SwapError(
    "tokenizer-missing",
    `There is no tokenizer in ${directory}: looked for tokenizer.json (with tokenizer_config.json beside it).`,
    others.length > 0
      ? `${others.join(", ")} ${others.length > 1 ? "are" : "is"} there but not read: save the tokenizer as tokenizer.json (save_pretrained with a fast tokenizer).`
      : "Copy tokenizer.json and tokenizer_config.json of the model's repository into this folder.",
  );
}
