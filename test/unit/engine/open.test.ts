/** What is wrong with a model's files names the file, as the user knows it, wherever in the engine it was found. */
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { openModel } from "../../../src/engine/open.ts";
import { SwapError } from "../../../src/shared/errors.ts";
import type { Entry } from "../../support/gguf/gguf-writer.ts";
import { gguf, temporaryFile, temporaryFolder } from "../../support/gguf/gguf-writer.ts";

async function refusal(file: string): Promise<SwapError> {
  const error: unknown = await openModel({ path: file, file: null, threads: 1, runtime: "auto" }).catch(
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(SwapError);
  return error as SwapError;
}

/** A link with a telling name to a file without one, as in a hub cache. */
function linkTo(bytes: Uint8Array): string {
  const link = path.join(temporaryFolder(), "told.gguf");
  fs.symlinkSync(temporaryFile(bytes, "sha256-0123"), link);
  return link;
}

test.each<[string, Readonly<Record<string, Entry>>]>([
  ["tokenizer-missing", {}],
  [
    "tokenizer-unsupported",
    { "tokenizer.ggml.model": ["string", "unheard-of"], "tokenizer.ggml.tokens": ["array", "string", ["a"]] },
  ],
])("%s of a GGUF file", async (code, metadata) => {
  const file = linkTo(gguf(metadata, []));
  const error = await refusal(file);
  expect(error.code).toBe(code);
  expect(error.message.startsWith(`${file}: The GGUF file`)).toBe(true);
});

test("a file cut short is named as the link to it", async () => {
  const file = linkTo(gguf({}, []).subarray(0, 10));
  expect((await refusal(file)).message.startsWith(`${file} is incomplete`)).toBe(true);
});

test("a tokenizer.json that is none is named with its folder", async () => {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, "model.onnx"), "");
  const file = path.join(folder, "tokenizer.json");
  fs.writeFileSync(file, "{}");
  const error = await refusal(folder);
  expect(error.code).toBe("tokenizer-unsupported");
  expect(error.message.startsWith(`${file}: `)).toBe(true);
});
