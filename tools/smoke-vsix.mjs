// `node tools/smoke-vsix.mjs FOLDER TARGET`: unpacks a VSIX outside the checkout and runs the demo on its engine. dist/cli.mjs
// must have been built: it talks to the engine in place of an editor.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { unzipSync } from "fflate";
import { root } from "./import-typescript.mjs";
import { targetHere } from "./stage.mjs";

/**
 * Unpacks a VSIX into a new folder whose name has a space and an umlaut, with no package anywhere near.
 *
 * @param {string} vsix
 * @returns {{ readonly folder: string; readonly extension: string }} `folder` is the caller's to remove
 */
export function unpackVsix(vsix) {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(tmpdir()), "Zustände tauschen "));
  for (const [name, data] of Object.entries(unzipSync(fs.readFileSync(vsix)))) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), data);
  }
  return { folder, extension: path.join(folder, "extension") };
}

/**
 * Runs the demo on an unpacked extension.
 *
 * @param {string} extension its folder; the command line is put beside its engine
 * @param {"auto" | "native" | "wasm"} runtime
 * @param {readonly string[]} [node] how Node is started
 * @returns {string} the runtime that ran
 * @throws {Error} when the answer does not flip where it must, with what was printed
 */
export function runDemo(extension, runtime, node = [process.execPath]) {
  fs.copyFileSync(path.join(root, "dist/cli.mjs"), path.join(extension, "dist/cli.mjs"));
  return demo([...node, path.join(extension, "dist/cli.mjs")], runtime, extension);
}

/**
 * Runs the demo by any command line.
 *
 * @param {readonly string[]} command
 * @param {"auto" | "native" | "wasm"} runtime
 * @param {string} cwd
 * @returns {string} the runtime that ran
 * @throws {Error} when the answer does not flip where it must, with what was printed
 */
export function demo([program = "", ...first], runtime, cwd) {
  const printed = (/** @type {string} */ command) => {
    const args = [...first, command, "--json", "--runtime", runtime];
    const run = spawnSync(program, args, { cwd, encoding: "utf8", shell: /\.cmd$/.test(program) });
    if (run.error) throw run.error;
    const output = `${run.stdout.slice(0, 500)}\n${run.stderr.slice(-2000)}`;
    if (run.status !== 0)
      throw new Error(`${[program, ...args].join(" ")} ended with ${run.status ?? run.signal}:\n${output}`);
    return { result: JSON.parse(run.stdout), output };
  };
  const { result, output } = printed("demo");
  if (result.flip?.k !== 8) throw new Error(`The demo does not flip at k = 8:\n${output}`);
  return printed("inspect").result.runtime.name;
}

/** @param {readonly string[]} args */
function main([vsixFolder, target]) {
  const file = fs
    .readdirSync(vsixFolder ?? "")
    .find((name) => name.endsWith(".vsix") && name.includes(`-${target}-`));
  if (vsixFolder === undefined || file === undefined)
    throw new Error(`No VSIX for ${target} in ${vsixFolder}.`);
  const { folder, extension } = unpackVsix(path.join(vsixFolder, file));
  try {
    const auto = runDemo(extension, "auto");
    const expected = target === targetHere() && target !== "universal" ? "native" : "wasm";
    if (auto !== expected)
      throw new Error(`${file} ran on ${auto}; ${expected} was expected on ${targetHere()}.`);
    console.log(`${file}: flips at k = 8 on ${auto}`);
    console.log(`${file}: flips at k = 8 on ${runDemo(extension, "wasm")}, asked for`);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
