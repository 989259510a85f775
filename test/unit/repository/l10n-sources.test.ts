/** Texts for people are translatable: found by the tool that extracts them, shipped, and said after the language is known. */
import * as fs from "node:fs";
import * as path from "node:path";
import { getL10nJson } from "@vscode/l10n-dev";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { bundleFile, pseudo, pseudoLanguage } from "../../support/pseudo-language.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const read = (name: string): string => fs.readFileSync(path.join(root, name), "utf8");

const files = ["src", "webview"].flatMap((folder) =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => ({ name: path.join(folder, name), text: read(path.join(folder, name)) })),
);

interface Said {
  readonly where: string;
  /** Null when it is no literal. */
  readonly message: string | null;
  /** How many values it is given; null when they are spread. */
  readonly values: number | null;
  readonly isInFunction: boolean;
}

/** All calls of `l10n.t` in a file. */
function saidIn({ name, text }: (typeof files)[number]): Said[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: Said[] = [];
  const visit = (node: ts.Node, isInFunction: boolean): void => {
    if (ts.isCallExpression(node) && node.expression.getText(source) === "l10n.t") {
      const [message, ...values] = node.arguments;
      found.push({
        where: `${name}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`,
        message: message && ts.isStringLiteralLike(message) ? message.text : null,
        values: values.some(ts.isSpreadElement) ? null : values.length,
        isInFunction,
      });
    }
    ts.forEachChild(node, (child) => {
      visit(child, isInFunction || ts.isFunctionLike(node));
    });
  };
  visit(source, false);
  return found;
}

const said = files.filter(({ text }) => text.includes("l10n.t")).flatMap(saidIn);
const bundle = JSON.parse(fs.readFileSync(bundleFile, "utf8")) as Readonly<Record<string, string>>;

/** The slots of a text, each once. */
function slotsOf(text: string): string[] {
  return [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();
}

describe("l10n.t", () => {
  it("is given literal texts, which the extraction finds", () => {
    expect(said.length).toBeGreaterThan(500);
    for (const { where, message } of said) expect(message, where).not.toBeNull();
  });

  it("is called when something is said: what a module says while it is loaded stays English", () => {
    for (const { where, isInFunction } of said) expect(isInFunction, where).toBe(true);
  });

  it("is given as many values as its text has slots, from {0} on; none where elements fill them", () => {
    for (const { where, message, values } of said) {
      const slots = slotsOf(message!);
      expect(slots, where).toEqual(slots.map((_, i) => `{${i}}`));
      if (values !== null && values > 0) expect(values, where).toBe(slots.length);
    }
  });

  it("is given sentences, not parts that are glued: no blank at either end", () => {
    for (const { where, message } of said) expect(message!.trim(), where).toBe(message);
  });

  it("is not used by engine and command line, which speak English", () => {
    const english = files.filter(({ name }) => /^src[\\/](engine|cli)[\\/]/.test(name));
    expect(english.length).toBeGreaterThan(20);
    for (const { name, text } of english) expect(text, name).not.toContain("@vscode/l10n");
  });
});

describe("l10n/bundle.l10n.json", () => {
  it("is what the code says, as npm run l10n writes it", { timeout: 300_000 }, async () => {
    const scripts = files.map(({ name, text }) => ({ contents: text, extension: path.extname(name) }));
    expect(bundle, "run npm run l10n").toEqual(await getL10nJson(scripts));
    // The tool reads with a grammar of its own: what that did not understand it would leave out.
    expect(Object.keys(bundle).sort()).toEqual([...new Set(said.map(({ message }) => message!))].sort());
  });

  it("keeps its slots in a translation, also in that of the tests", () => {
    for (const [message, text] of Object.entries(pseudoLanguage().texts)) {
      expect([...(text.match(/\{\d+\}/g) ?? [])].sort()).toEqual((message.match(/\{\d+\}/g) ?? []).sort());
    }
    expect(pseudo("Run Grid")).not.toMatch(/[A-Za-z]/);
  });
});

/** Fields of the manifest that people read, wherever they stand. */
const READ =
  /^(displayName|description|title|shortTitle|category|label|name|contextualTitle|contents|altText|markdownDescription|deprecationMessage|markdownDeprecationMessage|placeholder|patternErrorMessage|errorMessage|detail)$/;
const READ_LISTS = /^(enumDescriptions|markdownEnumDescriptions|enumItemLabels)$/;
/** Fields of npm that have the name of one that people read. */
const NPM = ["name"];

describe("the manifest", () => {
  const manifest = JSON.parse(read("package.json")) as Readonly<Record<string, unknown>>;
  const texts = JSON.parse(read("package.nls.json")) as Readonly<Record<string, string>>;
  const plain: string[] = [];
  const used = new Set<string>();
  const visit = (value: unknown, at: readonly string[], isRead: boolean): void => {
    if (typeof value === "string") {
      const key = /^%(.+)%$/.exec(value)?.[1];
      if (key !== undefined) used.add(key);
      else if (isRead) plain.push(`${at.join(".")}: ${value}`);
    } else if (Array.isArray(value)) {
      value.forEach((one, i) => {
        visit(one, [...at, String(i)], isRead && READ_LISTS.test(at.at(-1) ?? ""));
      });
    } else if (typeof value === "object" && value !== null) {
      for (const [field, one] of Object.entries(value)) {
        const isNpm = at.length === 0 && NPM.includes(field);
        visit(one, [...at, field], !isNpm && (READ.test(field) || READ_LISTS.test(field)));
      }
    }
  };
  visit(manifest, [], false);

  it("has no text for people in it: all of them stand in package.nls.json", () => {
    expect(plain).toEqual([]);
    expect(used.size).toBeGreaterThan(80);
  });

  it("uses every text of package.nls.json, and each of its keys has a text", () => {
    expect([...used].sort()).toEqual(Object.keys(texts).sort());
    for (const [key, text] of Object.entries(texts)) expect(text.trim(), key).not.toBe("");
  });

  it("says where translations are, and ships them", () => {
    expect(manifest.l10n).toBe("./l10n");
    const shipped = read(".vscodeignore").split("\n");
    for (const name of ["!package.nls.json", "!package.nls.*.json", "!l10n/**"]) {
      expect(shipped).toContain(name);
    }
  });
});
