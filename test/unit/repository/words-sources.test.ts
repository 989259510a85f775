/** No code takes text apart that is made for people, or decides by it: what it says would depend on the language. */
import * as fs from "node:fs";
import * as path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");

/** Methods that look into a text. */
const LOOKING = new Set(
  "split replace replaceAll includes startsWith endsWith indexOf match matchAll search slice substring charAt toLowerCase toUpperCase".split(
    " ",
  ),
);

/** Names under which text for people goes through the code. */
const FOR_PEOPLE = new Set(
  "message hint sentence reason note notes verdict label numeric cut summary facts bos convention description".split(
    " ",
  ),
);

/** `file: what` for every place of a source that looks into text for people. */
function looksInto(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression: subject, name } = node.expression;
      const looked = name.text === "test" ? node.arguments[0] : LOOKING.has(name.text) ? subject : undefined;
      if (looked && isForPeople(looked)) {
        found.push(`${file}: ${node.getText().replace(/\s+/g, " ").slice(0, 80)}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isForPeople(node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return isForPeople(node.expression);
  if (ts.isBinaryExpression(node)) return isForPeople(node.left) || isForPeople(node.right);
  if (ts.isIdentifier(node)) return FOR_PEOPLE.has(node.text);
  if (ts.isPropertyAccessExpression(node)) return FOR_PEOPLE.has(node.name.text);
  if (!ts.isCallExpression(node)) return false;
  const callee = node.expression.getText();
  if (/^(l10n\.t|textOf)$/.test(callee)) return true;
  // A chain such as `message.trim()`: what is looked into is what it began with.
  return ts.isPropertyAccessExpression(node.expression) && isForPeople(node.expression.expression);
}

function sourcesUnder(folder: string): string[] {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.join(folder, name));
}

describe("text for people", () => {
  it.each(["src", "webview"])("is looked into nowhere in %s", (folder) => {
    const files = sourcesUnder(folder);
    expect(files.length).toBeGreaterThan(50);
    const found = files.flatMap((file) => looksInto(file, fs.readFileSync(path.join(root, file), "utf8")));
    expect(found).toEqual([]);
  });

  it.each([
    'if (error.message.includes("memory")) retry();',
    'const [left, right] = sentence.split(" → ");',
    'const half = info.numeric.includes("fp16");',
    'const [before] = l10n.t("Incomplete: {0}").split("{0}");',
    "const name = read.label.replace(/:\\d+$/, '');",
    "if (/not found/.test(failure.message)) search();",
    'const last = textOf(verdict).trim().endsWith("%)");',
  ])("is seen where it is: %s", (text) => {
    expect(looksInto("planted.ts", text)).toHaveLength(1);
  });
});
