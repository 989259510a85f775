/** What people read says "layer", with k as its sign; "block" is a word of code, files and engine (docs/glossary.md). */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/options/args.ts";
import { helpText } from "../../../src/cli/options/help.ts";

const root = path.resolve(import.meta.dirname, "../../..");
/** Blocks of Markdown, and the shape of a file, which names a field. */
const OTHERS =
  /block of Markdown|fenced block|\[blocks \+ 1, |input of block k, the last plane|output of the last block before|block-tokens/gi;

const linesWithBlock = (text: string): string[] =>
  text.split("\n").filter((line) => /\bblocks?\b/i.test(line.replaceAll(OTHERS, "")));

describe("the word for a layer", () => {
  it.each(["l10n/bundle.l10n.json", "package.nls.json"])("is layer in %s", (name) => {
    const texts = Object.values(
      JSON.parse(fs.readFileSync(path.join(root, name), "utf8")) as Record<string, string>,
    );
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.flatMap(linesWithBlock)).toEqual([]);
  });

  it.each([null, ...COMMANDS])("is layer in the command line's help (%s)", (command) => {
    expect(linesWithBlock(helpText(command))).toEqual([]);
  });
});
