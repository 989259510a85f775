/** A model's identity: hashes of everything that its answers depend on, wherever its files lie. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import type { ModelHashes } from "../../shared/protocol/model-hashes.ts";
import type { Stretch } from "./digests.ts";
import { digestsOf } from "./digests.ts";
import type { IdentityCache } from "./identity-cache.ts";

/** Something that counts, under a name that is the same wherever the model lies: a stretch of a file, or a text. */
export type Part = (Stretch | { readonly text: string }) & { readonly name: string };

/** What a model consists of. */
export interface ModelParts {
  readonly weights: readonly Part[];
  readonly tokenizer: readonly Part[];
  /** The chat template as the model's files hold it; null or undefined without one. */
  readonly template: unknown;
}

/** Stands in the keys of the cache: another way to hash is another number. */
const FORM = 1;

/**
 * Hashes a model.
 *
 * `weights` and `tokenizer` are the SHA-256 of a UTF-8 text: for each part a line of its name as a JSON string, its length
 * in bytes and its SHA-256 in lower-case hexadecimal, with tabs between them and a line feed behind; the lines are sorted by
 * UTF-16 units. `template` is that of the template's text.
 *
 * @param file the model file
 * @param cache asked first, by path, size, times and inode of all files
 */
export async function identify(
  file: string,
  { weights, tokenizer, template }: ModelParts,
  cache: IdentityCache,
): Promise<ModelHashes> {
  const whole: Part = { name: "", file: fs.realpathSync(file), from: 0, bytes: fs.statSync(file).size };
  const parts = [whole, ...weights, ...tokenizer];
  const key = keyOf(parts, template);
  const known = cache.get(key);
  if (known) return known;
  const digests = await digestsOfParts(parts);
  const [sha256 = ""] = digests;
  const ends = 1 + weights.length;
  const identity = {
    weights: hashOf(weights, digests.slice(1, ends)),
    tokenizer: hashOf(tokenizer, digests.slice(ends)),
    template: templateHash(template),
  };
  // Files that changed meanwhile are not what the key says.
  if (keyOf(parts, template) === key) cache.set(key, { sha256, identity });
  return { sha256, identity };
}

async function digestsOfParts(parts: readonly Part[]): Promise<string[]> {
  const stretches = parts.filter((part) => "file" in part);
  const digests = await digestsOf(stretches);
  const byPart = new Map<Part, string>(stretches.map((part, i) => [part, digests[i]!]));
  return parts.map((part) => ("text" in part ? sha256Of(part.text) : byPart.get(part)!));
}

function hashOf(parts: readonly Part[], digests: readonly string[]): string {
  const lines = parts.map((part, i) => {
    const bytes = "text" in part ? Buffer.byteLength(part.text) : part.bytes;
    return `${JSON.stringify(part.name)}\t${bytes}\t${digests[i]!}\n`;
  });
  return sha256Of(lines.sort().join(""));
}

/** Of a list of named templates, the list is the text. */
function templateHash(template: unknown): string | null {
  if (template === null || template === undefined) return null;
  return sha256Of(typeof template === "string" ? template : JSON.stringify(template));
}

function keyOf(parts: readonly Part[], template: unknown): string {
  const files = new Set(parts.flatMap((part) => ("file" in part ? [part.file] : [])));
  const states = [...files].map((file) => {
    const { size, mtimeNs, ctimeNs, ino } = fs.statSync(file, { bigint: true });
    return [file, size, mtimeNs, ctimeNs, ino].map(String);
  });
  return sha256Of(JSON.stringify([FORM, states, parts, template]));
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
