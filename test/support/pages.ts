/** The pages of the repository, and what stands in them as code. */
import * as fs from "node:fs";
import * as path from "node:path";

/** The repository. */
export const ROOT = path.join(import.meta.dirname, "../..");

/** A page, its path relative to the repository. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

/** Every page that a reader of the repository gets, the log of changes left out: it names what was. */
export function pages(): Page[] {
  const below = (folder: string): string[] =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => path.posix.join(folder, name.replaceAll(path.sep, "/")));
  const files = [
    "README.md",
    "CONTRIBUTING.md",
    "media/marketplace.md",
    ...below("docs"),
    ...below("media/models"),
    ...below("tools"),
  ];
  return files.map((file) => ({ file, text: fs.readFileSync(path.join(ROOT, file), "utf8") }));
}

/** Blocks of code, fenced or indented, as their lines. */
export function codeBlocks(text: string): string[][] {
  const blocks: string[][] = [];
  let fenced: string[] | null = null;
  let indented: string[] = [];
  for (const line of [...text.split("\n"), ""]) {
    if (line.startsWith("```")) {
      if (fenced) blocks.push(fenced);
      fenced = fenced ? null : [];
    } else if (fenced) fenced.push(line);
    else if (line.startsWith("    ")) indented.push(line.slice(4));
    else if (indented.length > 0) {
      blocks.push(indented);
      indented = [];
    }
  }
  return blocks;
}

/** Code inside lines. */
export function codeSpans(text: string): string[] {
  return [...text.replaceAll(/^```[^]*?^```/gm, "").matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(
    ([, code]) => code!,
  );
}
