// Puts what users get into a folder: as an extension of one target, and as a package of the command line for npm.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { importTypeScript, root } from "./import-typescript.mjs";
import { addressFields, publicAddress } from "./public-address.mjs";

/** @type {typeof import("../src/shared/targets.ts")} */
const targets = await importTypeScript("src/shared/targets.ts");
const { NATIVE_TARGETS, TARGET_FILE, targetOf } = targets;
export const { TARGETS } = targets;
/** @typedef {import("../src/shared/targets.ts").Target} Target */

const readJson = (/** @type {string} */ name) => JSON.parse(fs.readFileSync(path.join(root, name), "utf8"));

/** The target of this machine. */
export function targetHere() {
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  const isMusl = process.platform === "linux" && header.glibcVersionRuntime === undefined;
  return targetOf(process.platform, process.arch, isMusl);
}

/** Builds dist/ anew, so that nothing stale is packed. */
export function buildProduct() {
  const { status } = spawnSync(process.execPath, ["esbuild.mjs", "--quiet"], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("The build failed.");
}

/**
 * Files below a folder, relative to it, with slashes, sorted.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function filesIn(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

/** What .vscodeignore says: the last of its patterns that fits a file decides. */
function allowList() {
  const lines = fs.readFileSync(path.join(root, ".vscodeignore"), "utf8").split("\n");
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const words = line.replace(/^!/, "").split(/(\*\*|\*)/);
      const source = words.map((word) =>
        word === "**" ? ".*" : word === "*" ? "[^/]*" : word.replace(/[.+]/g, "\\$&"),
      );
      return { isIn: line.startsWith("!"), pattern: new RegExp(`^${source.join("")}$`) };
    });
}

/** Files of the repository that a package may hold, relative. */
function allowedFiles() {
  const rules = allowList();
  const isAllowed = (/** @type {string} */ file) =>
    rules.findLast(({ pattern }) => pattern.test(file))?.isIn === true;
  return fs.readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isFile()) return isAllowed(entry.name) ? [entry.name] : [];
    if (!["dist", "l10n", "media", "samples"].includes(entry.name)) return [];
    return filesIn(path.join(root, entry.name))
      .map((file) => `${entry.name}/${file}`)
      .filter(isAllowed);
  });
}

/** A page's relative links, once it stands at the top. */
const atTop = (/** @type {string} */ text, /** @type {string} */ folder) =>
  text.replace(/\]\((?![a-z]+:|#)([^)]+)\)/g, (_, link) => `](${path.posix.join(folder, link)})`);

/**
 * Fills a folder, which is emptied first.
 *
 * @param {string} folder
 * @param {readonly string[]} files of the repository
 * @param {Record<string, unknown>} manifest
 * @param {string} page the README, of the repository
 */
function fill(folder, files, manifest, page) {
  fs.rmSync(folder, { recursive: true, force: true });
  const write = (/** @type {string} */ name, /** @type {string} */ text) => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  };
  const copy = (/** @type {string} */ from, /** @type {string} */ name) => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.copyFileSync(from, path.join(folder, name));
  };
  for (const file of files) copy(path.join(root, file), file);
  copy(path.join(root, "dist/THIRD_PARTY_NOTICES.txt"), "THIRD_PARTY_NOTICES.txt");
  write("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
  write("README.md", atTop(fs.readFileSync(path.join(root, page), "utf8"), path.posix.dirname(page)));
  return { write, copy };
}

/** Of no use once installed: everything that runs is bundled. */
const developing = ["private", "scripts", "devDependencies", "dependencies", "overrides", "bin"];

/**
 * The extension as it is installed: what .vscodeignore lets in, and of ONNX Runtime the two files of the target. dist/
 * must have been built.
 *
 * @param {Target} target
 * @param {string} folder emptied first
 */
export function stageExtension(target, folder) {
  if (!fs.existsSync(path.join(root, "dist/extension.cjs")))
    throw new Error("dist/extension.cjs is missing: build first.");
  const manifest = {
    ...Object.fromEntries(
      Object.entries(readJson("package.json")).filter(([key]) => !developing.includes(key)),
    ),
    ...addressFields(publicAddress()),
  };
  const { write, copy } = fill(folder, allowedFiles(), manifest, "media/marketplace.md");
  write(`dist/${TARGET_FILE}`, `${JSON.stringify({ target })}\n`);
  if (target === "universal") return;
  const native = NATIVE_TARGETS[target];
  // The CPU provider needs no more: DirectML and the like are loaded by other providers, on demand.
  for (const name of ["onnxruntime_binding.node", native.library])
    copy(
      path.join(root, "node_modules/onnxruntime-node/bin/napi-v6", native.folder, name),
      `dist/native/${name}`,
    );
}

/**
 * The command line as npm installs it: without an editor's parts, the native library by npm where that succeeds.
 *
 * @param {string} folder emptied first
 */
export function stageCommandLine(folder) {
  const manifest = readJson("package.json");
  const keys = ["name", "version", "description", "license", "keywords", "type", "bin"];
  const kept = Object.fromEntries(keys.flatMap((key) => (key in manifest ? [[key, manifest[key]]] : [])));
  const files = [
    ...allowedFiles().filter((file) =>
      /^(dist\/(engine\.mjs|ort\/)|media\/models\/|[A-Z_]+(\.\w+)?$)/.test(file),
    ),
    "dist/cli.mjs",
  ];
  const ours = {
    ...kept,
    ...addressFields(publicAddress()),
    description: readJson("package.nls.json").description,
    engines: { node: manifest.engines.node },
    optionalDependencies: { "onnxruntime-node": manifest.dependencies["onnxruntime-node"] },
  };
  fill(folder, files, ours, "docs/cli.md");
  fs.chmodSync(path.join(folder, "dist/cli.mjs"), 0o755);
}
