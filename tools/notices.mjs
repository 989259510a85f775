// What of other people is inside the product, exactly as esbuild took it, and the licence texts that go with it.
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Licences that ask for no more than that their text goes along. Another one is a decision, not a build step. */
const allowed = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
  "Unlicense",
];

/** Packages whose files are not bundled: ONNX Runtime's native library and its WebAssembly lie beside the bundles. */
const beside = ["onnxruntime-node", "onnxruntime-web"];

/**
 * Packages that another one's published file has taken in, so that no metafile names them.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const within = { "@huggingface/transformers": ["@huggingface/jinja", "@huggingface/tokenizers"] };

/**
 * Texts that packages lack, files of tools/licenses. ONNX Runtime's two are those of its Python wheel of the same
 * version; FAST's is that of fast-element 1.0.0, which still had one; that of @vscode/l10n, by Microsoft under MIT, is the
 * same text as ONNX Runtime's.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const kept = {
  "onnxruntime-node": ["onnxruntime.txt", "onnxruntime-third-party.txt.gz"],
  "onnxruntime-web": ["onnxruntime.txt", "onnxruntime-third-party.txt.gz"],
  "onnxruntime-common": ["onnxruntime.txt"],
  "@vscode/l10n": ["onnxruntime.txt"],
  "@microsoft/fast-element": ["fast.txt"],
  "@microsoft/fast-foundation": ["fast.txt"],
  "@microsoft/fast-web-utilities": ["fast.txt"],
};

/**
 * A package that is shipped.
 *
 * @typedef {object} Shipped
 * @property {string} name
 * @property {string} version
 * @property {string} license SPDX expression of its manifest
 * @property {string} folder its folder, relative to the repository, with `/`
 */

/** @param {string} folder relative to the repository @returns {Shipped} */
function packageIn(folder) {
  const { name, version, license } = JSON.parse(
    fs.readFileSync(path.join(root, folder, "package.json"), "utf8"),
  );
  return { name, version, license: String(license), folder };
}

/**
 * Every npm package of which something is in the bundles or beside them, by name and version.
 *
 * @param {readonly import("esbuild").Metafile[]} metafiles of all shipped bundles
 * @returns {Shipped[]}
 */
export function shippedPackages(metafiles) {
  const folders = new Set(beside.map((name) => `node_modules/${name}`));
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
        if (folder !== undefined && bytesInOutput > 0)
          folders.add(folder.replace(/^.*?(?=node_modules\/)/, ""));
      }
    }
  }
  for (const [outer, inner] of Object.entries(within)) {
    if (folders.has(`node_modules/${outer}`)) for (const name of inner) folders.add(`node_modules/${name}`);
  }
  const all = [...folders].filter((folder) => fs.existsSync(path.join(root, folder))).map(packageIn);
  return all.sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

/** @param {Shipped} shipped @returns {string[]} licence texts and notices, at least one */
function textsOf({ name, version, license, folder }) {
  if (!allowed.includes(license))
    throw new Error(
      `${name} ${version} is under ${license}, which tools/notices.mjs does not allow. Do without it, or decide and add it there.`,
    );
  const read = (/** @type {string} */ file) => {
    const bytes = fs.readFileSync(file);
    return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes)
      .toString("utf8")
      .replaceAll("\r\n", "\n")
      .trim();
  };
  const own = fs
    .readdirSync(path.join(root, folder))
    .filter((file) => /^(licen[cs]e|copying|notices?|third-?party-?notices?)(\.(txt|md))?$/i.test(file))
    .sort()
    .map((file) => path.join(root, folder, file));
  const texts = (kept[name] ?? []).map((file) => path.join(root, "tools/licenses", file));
  if (own.length + texts.length === 0)
    throw new Error(
      `${name} ${version} brings no licence text. Put one into tools/licenses and name it in tools/notices.mjs.`,
    );
  return [...own, ...texts].map(read);
}

/**
 * The text of THIRD_PARTY_NOTICES.txt.
 *
 * @param {readonly Shipped[]} packages
 * @returns {string}
 * @throws {Error} when a package has no text, or a licence that is not allowed
 */
export function notices(packages) {
  const line = "-".repeat(100);
  /** @type {Map<string, string>} */
  const titles = new Map();
  const parts = packages.map((shipped) => {
    const title = `${shipped.name} ${shipped.version} (${shipped.license})`;
    const texts = textsOf(shipped).map((text) => {
      // ONNX Runtime's notices have 338 kB, and two of its packages are here.
      const first = text.length < 20_000 ? undefined : titles.get(text);
      titles.set(text, first ?? title);
      return first === undefined ? text : `Its further notices are those of ${first} above.`;
    });
    return [line, title, line, "", texts.join("\n\n"), ""].join("\n");
  });
  return `State Swap contains parts of the packages below, each under its own licence.\n\n${parts.join("\n")}`;
}

/**
 * Writes what is shipped beside the bundles: the list for the bill of materials, and the notices.
 *
 * @param {readonly import("esbuild").Metafile[]} metafiles of all shipped bundles
 * @param {string} folder where the bundles lie
 */
export function writeNotices(metafiles, folder) {
  const packages = shippedPackages(metafiles);
  fs.writeFileSync(path.join(folder, "shipped.json"), `${JSON.stringify(packages, null, 2)}\n`);
  fs.writeFileSync(path.join(folder, "THIRD_PARTY_NOTICES.txt"), notices(packages));
}
