/**
 * One word for one thing on every face (docs/glossary.md): "layer", with k as its sign, since "block" is a word of code, files
 * and engine; and the other words that people must not meet beside the one that is theirs.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/options/args.ts";
import { helpText } from "../../../src/cli/options/help.ts";

const root = path.resolve(import.meta.dirname, "../../..");
/** Blocks of Markdown, and the shape of a file, which names a field. */
const OTHERS =
  /block of Markdown|fenced block|\[blocks \+ 1, |input of block k, the last plane|output of the last block before|block-tokens/gi;

/** Of Markdown, of a prompt's text, and of how files of a kind are opened. */
const MARKUP_BLOCK = /the block above|\| each block is built|block of Markdown/g;

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

/** Words that faces do not say, each with the one that they say. */
const OTHER_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\binterventions?\b/i, "condition, or run"],
  [/\bstep k\b/i, "Step Layer"],
  [/\bclear(?! (all )?results)\b/i, "Clear Results"],
  [/\bclean (run|prompt|baseline)\b/i, "unpatched run"],
  [/\bcorrupt(ed)? (run|prompt)\b/i, "target, or source"],
  [/\brun sweep\b/i, "Run"],
  [/\bcount by:/i, "answers count"],
  [/\btransformer layers?\b/i, "layer"],
  [/\bdonor|\brecipient/i, "source, target"],
  [/\b(switches back|flip point|transition layer)\b/i, "flip"],
];
/** What is no name of an action: sentences that say a thing is clear. */
const ORDINARY = /\b(is|becomes|makes|not|are) clear\b|clear(ly|ed|s|ing)\b/gi;

const otherWords = (text: string): string[] =>
  OTHER_WORDS.flatMap(([word, instead]) =>
    text
      .split("\n")
      .filter((line) => word.test(line.replaceAll(ORDINARY, "")))
      .map((line) => `${line.trim()} (${instead})`),
  );

/** Pages for people who use it; those of the architecture name things as the code does. */
const PAGES = ["README.md", "samples/notes.md", ...pagesIn("docs"), ...pagesIn("docs/conditions")].filter(
  (page) =>
    !/docs\/(architecture|glossary|panel-defects|invariants|localization|releasing|packaging)\.md$/.test(
      page,
    ),
);

function pagesIn(folder: string): string[] {
  return fs
    .readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name}`);
}

describe("other words for a thing that has one", () => {
  it.each(["l10n/bundle.l10n.json", "package.nls.json"])("are not in %s", (name) => {
    const texts = JSON.parse(fs.readFileSync(path.join(root, name), "utf8")) as Record<string, string>;
    expect(Object.values(texts).flatMap(otherWords)).toEqual([]);
  });

  it.each([null, ...COMMANDS])("are not in the command line's help (%s)", (command) => {
    expect(otherWords(helpText(command))).toEqual([]);
  });

  it.each(PAGES)("are not in %s", (page) => {
    expect(otherWords(fs.readFileSync(path.join(root, page), "utf8"))).toEqual([]);
  });

  it("are found where they are", () => {
    expect(otherWords("Step k Down\nClear\nclear all results, which is clear\nan intervention")).toEqual([
      "an intervention (condition, or run)",
      "Step k Down (Step Layer)",
      "Clear (Clear Results)",
    ]);
  });
});

describe("pages for who begins", () => {
  it.each(["README.md", "samples/notes.md", "docs/first-run.md", "docs/many-prompts.md", "docs/metrics.md"])(
    "say layer in %s",
    (page) => {
      const text = fs.readFileSync(path.join(root, page), "utf8").replaceAll(MARKUP_BLOCK, "");
      expect(linesWithBlock(text)).toEqual([]);
    },
  );
});
