/** The manifest with its texts in English: `%key%` stands for an entry of package.nls.json. */
import * as fs from "node:fs";
import * as path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

/** @throws {Error} when a key has no entry */
export function localizedManifest(): unknown {
  const texts = path.join(root, "package.nls.json");
  const english = fs.existsSync(texts)
    ? (JSON.parse(fs.readFileSync(texts, "utf8")) as Readonly<Record<string, string | { message: string }>>)
    : {};
  return JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"), (_, value: unknown) => {
    const key = typeof value === "string" ? /^%(.+)%$/.exec(value)?.[1] : undefined;
    if (key === undefined) return value;
    const text = english[key];
    if (text === undefined) throw new Error(`package.nls.json has no ${key}.`);
    return typeof text === "string" ? text : text.message;
  });
}
