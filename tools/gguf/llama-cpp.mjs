// Runs tiny GGUF models in llama.cpp and in this engine, and compares all their logits.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "../import-typescript.mjs";

/** What tests make models of, and the engine; without the test runner. */
async function load() {
  // Beside the packages that it imports.
  const outfile = path.join(root, "node_modules", ".llama-cpp-tools.mjs");
  await build({
    stdin: {
      contents: `
        export { PROMPT, allFamilyFiles, toleranceOf } from "./test/support/gguf/all-family-files.ts";
        export { randomNumbers, randomTensor, tinyDecoder } from "./test/support/gguf/gguf-random.ts";
        export { gguf } from "./test/support/gguf/gguf-writer.ts";
        export { FAMILIES } from "./src/engine/model/gguf/families/table.ts";
        export { readGguf } from "./src/engine/model/gguf/reader.ts";
        export { openGgufDecoder } from "./src/engine/model/gguf/gguf-decoder.ts";
        export { NATIVE } from "./src/engine/model/runtime/native.ts";`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    alias: { vitest: path.join(root, "tools/gguf/no-test-runner.mjs") },
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    fs.rmSync(outfile);
  }
}

export const product = await load();
const runtime = (await product.NATIVE.load())(1);

/** `[positions][vocab]` by this engine. */
async function ownLogits(file) {
  const decoder = await product.openGgufDecoder({ gguf: product.readGguf(file), runtime });
  try {
    let states = await decoder.embed(product.PROMPT);
    for (let k = 0; k < decoder.info.blocks; k++)
      ({ states } = await decoder.block(k, states, { ids: product.PROMPT, start: 0 }));
    const { data, rows, width } = await decoder.logits({
      data: states.data,
      rows: states.positions,
      width: states.width,
    });
    return Array.from({ length: rows }, (_, row) => [...data.subarray(row * width, (row + 1) * width)]);
  } finally {
    await decoder.close();
  }
}

/** The same by llama.cpp, by the program of logits.cpp. */
function llamaLogits(program, file) {
  let output;
  try {
    output = execFileSync(program, [product.PROMPT.join(","), file], {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const lines = String(error.stderr).trim().split("\n");
    throw new Error(lines.find((line) => line.includes("GGML_ASSERT")) ?? lines.at(-1), { cause: error });
  }
  const line = output.trim().split("\n").at(-1);
  const { logits } = JSON.parse(line);
  if (!logits) throw new Error("refused");
  return logits;
}

/**
 * Both on one model.
 *
 * @param {{ metadata: object, tensors: object[] }} model as `tinyDecoder` makes it
 * @returns logits of llama.cpp, the largest one, the largest difference; or which of the two refused it, and why
 */
export async function compare(program, { metadata, tensors }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "llama-cpp-"));
  try {
    const file = path.join(folder, "model.gguf");
    const entries = {
      ...metadata,
      "tokenizer.ggml.model": ["string", "no_vocab"],
      [`${metadata["general.architecture"][1]}.vocab_size`]: [
        "u32",
        tensors.find((tensor) => tensor.name === "token_embd.weight").dims[1],
      ],
    };
    fs.writeFileSync(file, product.gguf(entries, tensors));
    const result = {};
    try {
      result.logits = llamaLogits(program, file);
    } catch (error) {
      result.theirError = error.message || error.name;
    }
    let own;
    try {
      own = await ownLogits(file);
    } catch (error) {
      result.ownError = error.message || error.name;
    }
    if (!result.logits || !own) return result;
    [result.largest, result.difference] = [0, 0];
    for (const [p, row] of result.logits.entries())
      for (const [token, logit] of row.entries()) {
        result.largest = Math.max(result.largest, Math.abs(logit));
        const difference = Math.abs(logit - own[p][token]);
        if (!(difference <= result.difference)) result.difference = difference;
      }
    return result;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
