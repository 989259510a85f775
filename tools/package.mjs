// `npm run package`: VSIX files for every target and the command line's package for npm, all from one machine.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root } from "./import-typescript.mjs";
import { repack } from "./repack.mjs";
import { buildProduct, filesIn, stageCommandLine, stageExtension, TARGETS } from "./stage.mjs";

/** @typedef {import("../src/shared/targets.ts").Target} Target */

const pinned = path.join(root, "tools/vsix");
const output = path.join(root, "build");
const tools = path.join(output, "tools");
const requireTool = createRequire(path.join(tools, "package.json"));
/** Galleries take little more, and users wait for it. */
const mostBytes = { native: 25_000_000, universal: 8_000_000 };

/**
 * Runs npm and throws with the end of its output when it fails.
 *
 * @param {string[]} args
 * @param {string} cwd
 */
function npm(args, cwd) {
  const options = { cwd, encoding: /** @type {const} */ ("utf8"), shell: process.platform === "win32" };
  const run = spawnSync("npm", args, options);
  if (run.status !== 0)
    throw new Error(`npm ${args.join(" ")} failed in ${cwd}:\n${run.stderr.slice(-2000)}`);
  return run.stdout;
}

/** Installs vsce and 7-Zip in the versions that tools/vsix/ pins, once. Their tree is larger than the product's. */
function setUpTools() {
  const read = (/** @type {string} */ file) => fs.readFileSync(file, "utf8");
  const lock = read(path.join(pinned, "package-lock.json"));
  const done = path.join(tools, "installed.json");
  if (fs.existsSync(done) && read(done) === lock) return;
  fs.mkdirSync(tools, { recursive: true });
  for (const name of ["package.json", "package-lock.json"])
    fs.copyFileSync(path.join(pinned, name), path.join(tools, name));
  npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], tools);
  fs.writeFileSync(done, lock);
}

/** Seconds since 1970 that all files of a package carry: those of the commit, so that it packs to the same bytes again. */
function commitTime() {
  if (process.env.SOURCE_DATE_EPOCH !== undefined) return process.env.SOURCE_DATE_EPOCH;
  const { status, stdout } = spawnSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error("This is no Git checkout: set SOURCE_DATE_EPOCH.");
  return stdout.trim();
}

/**
 * Packs one VSIX from dist/, which must have been built.
 *
 * @param {Target} target
 * @param {string} [folder] where to
 * @returns {Promise<string>} the file
 * @throws {Error} when it is larger than it may be
 */
export async function packVsix(target, folder = path.join(output, "vsix")) {
  setUpTools();
  // Times in a ZIP are local.
  process.env.TZ = "UTC";
  process.env.SOURCE_DATE_EPOCH = commitTime();
  const stage = path.join(folder, `staged-${target}`);
  stageExtension(target, stage);
  const manifest = JSON.parse(fs.readFileSync(path.join(stage, "package.json"), "utf8"));
  const packagePath = path.join(folder, `${manifest.name}-${target}-${manifest.version}.vsix`);
  // Else vsce looks for one further up.
  fs.writeFileSync(path.join(stage, ".vscodeignore"), "");
  await requireTool("@vscode/vsce").createVSIX({
    cwd: stage,
    packagePath,
    dependencies: false,
    ...(manifest.repository === undefined
      ? { allowMissingRepository: true, rewriteRelativeLinks: false }
      : {}),
    ...(target === "universal" ? {} : { target }),
  });
  const most = mostBytes[target === "universal" ? "universal" : "native"];
  if (fs.statSync(packagePath).size > most)
    await repack(packagePath, Number(process.env.SOURCE_DATE_EPOCH), requireTool("7z-wasm"));
  const { size } = fs.statSync(packagePath);
  const installed = filesIn(stage).filter((file) => file !== ".vscodeignore");
  const bytes = installed.reduce((sum, file) => sum + fs.statSync(path.join(stage, file)).size, 0);
  fs.rmSync(stage, { recursive: true });
  console.log(
    `${path.basename(packagePath)}  ${(size / 1e6).toFixed(2)} MB, ${installed.length} files, ${(bytes / 1e6).toFixed(1)} MB installed`,
  );
  if (size > most) throw new Error(`${packagePath} has ${size} bytes; at most ${most} are allowed.`);
  return packagePath;
}

/**
 * Packs the command line for npm from dist/, which must have been built.
 *
 * @param {string} [folder] where to
 * @returns {string} the file
 */
export function packNpm(folder = path.join(output, "npm")) {
  const stage = path.join(folder, "staged");
  stageCommandLine(stage);
  const [packed] = JSON.parse(npm(["pack", "--json", "--ignore-scripts", "--pack-destination", ".."], stage));
  fs.rmSync(stage, { recursive: true });
  console.log(
    `${packed.filename}  ${(packed.size / 1e6).toFixed(2)} MB, ${packed.entryCount} files, ${(packed.unpackedSize / 1e6).toFixed(1)} MB installed`,
  );
  return path.join(folder, packed.filename);
}

async function main() {
  const { values } = parseArgs({ options: { target: { type: "string" } } });
  const known = [...TARGETS, "npm", "all"];
  const asked = values.target ?? "";
  if (!known.includes(asked)) throw new Error(`npm run package -- --target ${known.join("|")}`);
  buildProduct();
  for (const target of TARGETS) if (asked === target || asked === "all") await packVsix(target);
  if (asked === "npm" || asked === "all") packNpm();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
