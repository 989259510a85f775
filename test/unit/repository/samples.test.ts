/** The sample workspace: it is shipped, its notes name every file, and what they claim is what the embedded model answers. */
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SAMPLE_SESSION, copiedText } from "../../../src/extension/commands/open-samples.ts";
import { locatePrompt } from "../../../src/extension/prompt/locate-prompt.ts";
import { answerOf } from "../../../src/shared/words/answer.ts";
import { Bench, put, root, spanIn } from "../../support/extension-support.ts";

const folder = path.join(root, "samples");
const read = (name: string): string => fs.readFileSync(path.join(folder, name), "utf8");
const notes = read("notes.md");

/** The prompt of a sample file that holds a text, found as the editor finds it. */
function promptWith(file: string, text: string): string {
  const content = read(file);
  const languageId = file.endsWith(".md") ? "markdown" : "plaintext";
  const at = content.indexOf(text);
  return locatePrompt({ text: content, languageId, fileName: file }, at, "auto", [])!.prompt.text;
}

describe("the samples", () => {
  const bench = new Bench();
  afterAll(() => {
    bench.supervisor.dispose();
  });

  it("are shipped", () => {
    const ignore = fs.readFileSync(path.join(root, ".vscodeignore"), "utf8").split("\n");
    expect(ignore).toContain("!samples/**");
    expect(ignore).toContain("!media/**");
  });

  it("are all named in the notes, which name no other", () => {
    const files = [...fs.readdirSync(folder), "sessions/"].sort();
    const named = [...notes.matchAll(/^\| (`.+?) +\|/gm)].flatMap(([, cell]) =>
      [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
    );
    expect(named.sort()).toEqual(files);
    expect(fs.existsSync(path.join(root, "media/demo.swap.json"))).toBe(true);
    expect(SAMPLE_SESSION).toMatch(/\.swap\.json$/);
  });

  const swap = async (
    target: string,
    word: string,
    sourceText: string,
    sourceWord: string,
  ): Promise<string[]> => {
    const source = await bench.read(sourceText);
    const span = spanIn(source, sourceWord);
    const intervention = put(bench, await bench.read(target), [word], { read: source, span, word: null });
    await bench.runner.sweep([intervention]);
    return bench.shown.sweep!.rows.map((row) => answerOf(row).trim());
  };
  const times = (answer: string, count: number): string[] => Array.from({ length: count }, () => answer);

  it("give the flips that the notes name", async () => {
    const sources = promptWith("questions.txt", "The country Kenya");
    expect(notes).toContain("Rome for k 0–7, Paris for k 8–11");
    const italy = promptWith("capitals.txt", "The country Italy");
    expect(await swap(promptWith("capitals.txt", "capital of France"), "France", italy, "Italy")).toEqual([
      ...times("Rome", 8),
      ...times("Paris", 4),
    ]);
    expect(notes).toContain("Africa for k 0–5, Asia from 6 on");
    expect(await swap(promptWith("questions.txt", "Which continent"), "Japan", sources, "Kenya")).toEqual([
      ...times("Africa", 6),
      ...times("Asia", 6),
    ]);
    expect(notes).toContain("at k = 7 the answer is neither Nairobi nor Berlin");
    const germany = await swap(promptWith("notes.md", "capital of Germany"), "Germany", sources, "Kenya");
    expect(["Nairobi", "Berlin"]).not.toContain(germany[7]);
    expect(germany.filter((_, k) => k !== 7)).toEqual([...times("Nairobi", 7), ...times("Berlin", 4)]);
  });
});

describe("the sentence after copying", () => {
  it("counts what was copied and what was there", () => {
    expect(copiedText({ copied: 8, kept: 0 }, "/a")).toBe("8 samples were copied to /a.");
    expect(copiedText({ copied: 1, kept: 2 }, "/a")).toBe(
      "1 sample was copied to /a. 2 files that were there are as they were.",
    );
    expect(copiedText({ copied: 0, kept: 8 }, "/a")).toBe(
      "The samples are in /a already. Nothing was changed.",
    );
  });
});
