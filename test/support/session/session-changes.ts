/** Golden session files with something in them changed. */
import type { SwapError } from "../../../src/shared/errors.ts";
import { parseSession } from "../../../src/shared/session/parse.ts";
import { errorOf } from "../error-of.ts";
import { goldenText } from "./session-files.ts";

/** A JSON object. */
export type Json = Record<string, unknown>;

/** What reading a golden file says after its content was changed. */
export function afterChange(name: string, change: (content: Json) => void): SwapError {
  const content = JSON.parse(goldenText(name)) as Json;
  change(content);
  return errorOf(() => parseSession(JSON.stringify(content)));
}

/** The field of a content at a path such as `sweep.rows.3`. */
export function at(content: unknown, path: string): Json {
  return path.split(".").reduce((value, key) => (value as Json)[key], content) as Json;
}

/** The list at a path. */
export function listAt(content: unknown, path: string): unknown[] {
  return at(content, path) as unknown as unknown[];
}
