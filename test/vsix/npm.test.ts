/** The command line's package for npm, installed into an empty folder: with the native library that npm fetches, and without. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProduct, targetHere } from "../../tools/stage.mjs";
import { packNpm } from "../../tools/package.mjs";
import { demo } from "../../tools/smoke-vsix.mjs";
import { FILES_OF_NPM } from "./contents.ts";

const isWindows = process.platform === "win32";
const npx = [isWindows ? "npx.cmd" : "npx", "--no-install", "state-swap"];
const build = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-npm-"));
let tarball = "";
beforeAll(() => {
  buildProduct();
  tarball = packNpm(build);
});
afterAll(() => {
  fs.rmSync(build, { recursive: true, force: true });
});

/** An empty folder with the package installed in it. */
function installed(name: string, ...options: readonly string[]): string {
  const folder = path.join(build, name);
  fs.mkdirSync(folder);
  // It would fetch CUDA's libraries.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };
  const args = ["install", tarball, "--prefer-offline", "--no-audit", "--no-fund", ...options];
  const run = spawnSync("npm", args, { cwd: folder, env, encoding: "utf8", shell: isWindows });
  expect(run.status, run.stderr).toBe(0);
  return folder;
}

describe("the package for npm", () => {
  it("holds what it must and nothing else", () => {
    const { stdout } = spawnSync("tar", ["-tzf", tarball], { encoding: "utf8" });
    expect(stdout.trim().split("\n").sort()).toEqual(FILES_OF_NPM);
  });

  it("flips in an empty folder on the native library", () => {
    const native = targetHere() === "universal" ? "wasm" : "native";
    expect(demo(npx, "auto", installed("with native"))).toBe(native);
  });

  it("flips in an empty folder on WebAssembly where the native library was not installed", () => {
    const folder = installed("ohne Zusätze", "--omit=optional");
    expect(fs.existsSync(path.join(folder, "node_modules/onnxruntime-node"))).toBe(false);
    expect(demo(npx, "auto", folder)).toBe("wasm");
  });
});
