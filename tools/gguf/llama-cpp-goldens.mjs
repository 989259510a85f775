// Compares this engine's logits with llama.cpp's, on the tiny random files of families, and writes the goldens:
// `node tools/gguf/llama-cpp-goldens.mjs PROGRAM [--write] [NAME …]`. PROGRAM is logits.cpp beside this file, built against
// llama.cpp. Names are those of test/support/gguf/all-family-files.ts or their beginnings; all without any.
import * as fs from "node:fs";
import * as path from "node:path";
import * as prettier from "prettier";
import { root } from "../import-typescript.mjs";
import { compare, product } from "./llama-cpp.mjs";

const [program, ...rest] = process.argv.slice(2);
const isWriting = rest.includes("--write");
const wanted = rest.filter((name) => name !== "--write");
const goldenFile = path.join(root, "test/golden/gguf/llama-cpp-logits.json");
const goldens = JSON.parse(fs.readFileSync(goldenFile, "utf8"));

const files = Object.entries(product.allFamilyFiles).filter(
  ([name]) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)),
);
const rounded = (logits) => logits.map((logit) => Number(logit.toPrecision(8)));
let failures = 0;
for (const [name, options] of files) {
  const { logits, largest, difference, theirError, ownError } = await compare(
    program,
    product.tinyDecoder(options),
  );
  // All tokens of the last position, two of each before it.
  if (logits)
    goldens[name] = {
      last: rounded(logits.at(-1)),
      before: logits.slice(0, -1).map((row) => rounded(row.slice(0, 2))),
    };
  const isRight = difference <= largest * product.toleranceOf(name);
  if (!isRight) failures++;
  const said =
    difference === undefined
      ? [theirError && `llama.cpp: ${theirError}`, ownError].filter(Boolean).join("; ")
      : `${(difference / largest).toExponential(1)} of ${largest.toFixed(2)}${isRight ? "" : " DIFFERS"}`;
  console.log(`${name.padEnd(60)} ${said}`);
}
if (isWriting) {
  const sorted = Object.entries(goldens)
    .filter(([name]) => name in product.allFamilyFiles)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const options = await prettier.resolveConfig(goldenFile);
  const text = JSON.stringify(Object.fromEntries(sorted));
  fs.writeFileSync(goldenFile, await prettier.format(text, { ...options, filepath: goldenFile }));
}
console.log(`${files.length} files, ${failures} that differ or are refused`);
process.exitCode = failures > 0 ? 1 : 0;
