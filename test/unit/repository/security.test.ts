/** Lines of docs/security.md that no other test holds: packages by hash, no code from files, no names of prototypes from JSON. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { readTokenizerFiles } from "../../../src/engine/model/tokenizer/tokenizer-files.ts";
import { parseVectors } from "../../../src/shared/condition/vectors-file.ts";
import { promptTable } from "../../../src/shared/prompt/prompt-table.ts";
import { parseSession } from "../../../src/shared/session/parse.ts";
import { temporaryFolder } from "../../support/cli/cli-support.ts";
import { ROOT } from "../../support/pages.ts";

/** Files of the product's own code. */
function sources(): string[] {
  return ["src", "webview"].flatMap((folder) =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => path.join(ROOT, folder, name)),
  );
}

describe("packages", () => {
  const lock = JSON.parse(fs.readFileSync(path.join(ROOT, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly link?: boolean }>>;
  };

  it("are locked with a hash each", () => {
    const loose = Object.entries(lock.packages).filter(
      ([name, { integrity, link }]) => name !== "" && link !== true && !integrity?.startsWith("sha512-"),
    );
    expect(loose.map(([name]) => name)).toEqual([]);
  });
});

describe("the product's code", () => {
  const texts = sources().map((file) => [path.relative(ROOT, file), fs.readFileSync(file, "utf8")] as const);

  it("makes no code from texts, and gives the runtime no library of a model's", () => {
    expect(texts.length).toBeGreaterThan(400);
    const found = texts.filter(([, text]) =>
      /\beval\(|new Function\(|registerCustomOp|custom_op|dangerouslySetInnerHTML/i.test(text),
    );
    expect(found.map(([file]) => file)).toEqual([]);
  });
});

describe("JSON that names prototypes", () => {
  const evil = `"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}`;
  const polluted = (): unknown => ({});

  it("changes no prototype as a session, wherever in it", () => {
    const folder = path.join(ROOT, "test/golden/sessions");
    for (const name of fs.readdirSync(folder)) {
      const text = fs.readFileSync(path.join(folder, name), "utf8");
      const objects = [...text.matchAll(/\{(?=\s*")/g)].map(({ index }) => index);
      const some = objects.filter((_, i) => i % Math.ceil(objects.length / 40) === 0);
      for (const at of some) {
        try {
          parseSession(`${text.slice(0, at + 1)}${evil},${text.slice(at + 1)}`);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(not-a-session|session-)/) as string });
        }
        expect(polluted()).not.toHaveProperty("polluted");
      }
    }
  });

  it("changes no prototype as a tokenizer, a vectors file or a table", async () => {
    const folder = temporaryFolder();
    for (const name of [
      "tokenizer.json",
      "tokenizer_config.json",
      "special_tokens_map.json",
      "config.json",
    ]) {
      fs.writeFileSync(path.join(folder, name), `{${evil}}`);
    }
    await readTokenizerFiles(folder);
    expect(() => parseVectors(`{${evil}}`, "vectors.json")).toThrow(/vectors\.json/);
    promptTable("prompt,__proto__,constructor\na,b,c\n");
    expect(polluted()).not.toHaveProperty("polluted");
  });
});
