/** The packed extension: what is in it and what not, the machine it is for, the same bytes each time, and that it runs alone. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtFor } from "../../src/engine/model/runtime/machine.ts";
import { NATIVE_TARGETS, TARGET_FILE, TARGETS } from "../../src/shared/targets.ts";
import type { Target } from "../../src/shared/targets.ts";
import { buildProduct, filesIn, targetHere } from "../../tools/stage.mjs";
import { packVsix } from "../../tools/package.mjs";
import { runDemo, unpackVsix } from "../../tools/smoke-vsix.mjs";
import { filesOfVsix } from "./contents.ts";

const root = path.resolve(import.meta.dirname, "../..");
const here = targetHere();
const packed: readonly Target[] =
  process.env.SWAP_TARGETS === "all" ? TARGETS : [...new Set([here, "universal"] as const)];

const build = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-vsix-"));
beforeAll(() => {
  buildProduct();
});
afterAll(() => {
  fs.rmSync(build, { recursive: true, force: true });
});

const hash = (file: string): string => createHash("sha256").update(fs.readFileSync(file)).digest("hex");

describe.each(packed)("the package for %s", (target) => {
  let vsix = "";
  let folder = "";
  let extension = "";
  beforeAll(async () => {
    vsix = await packVsix(target, build);
    ({ folder, extension } = unpackVsix(vsix));
  });
  afterAll(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const read = (name: string): string => fs.readFileSync(path.join(extension, name), "utf8");

  it("holds what it must and nothing else", () => {
    expect(filesIn(folder)).toEqual(filesOfVsix(target, extension));
  });

  it("is no larger than galleries and users take", () => {
    expect(fs.statSync(vsix).size).toBeLessThanOrEqual(target === "universal" ? 8_000_000 : 25_000_000);
  });

  it("says which target it is, to galleries and to itself", () => {
    const said = /TargetPlatform="([^"]+)"/.exec(
      fs.readFileSync(path.join(folder, "extension.vsixmanifest"), "utf8"),
    );
    expect(said?.[1]).toBe(target === "universal" ? undefined : target);
    expect(JSON.parse(read(`dist/${TARGET_FILE}`))).toEqual({ target });
  });

  it.skipIf(target === "universal")("has native libraries for its machine", () => {
    const native = path.join(extension, "dist/native");
    for (const name of fs.readdirSync(native)) expect(builtFor(path.join(native, name)), name).toBe(target);
  });

  it("has a manifest that asks for nothing beside it", () => {
    const manifest = JSON.parse(read("package.json")) as Record<string, unknown>;
    for (const key of ["private", "scripts", "bin", "dependencies", "devDependencies", "overrides"])
      expect(manifest).not.toHaveProperty(key);
    expect(fs.existsSync(path.join(extension, manifest.main as string))).toBe(true);
  });

  it("names no path of the machine that packed it", () => {
    const telling = filesIn(folder).filter((name) => {
      // ONNX Runtime's own binaries are not ours to change.
      if (name.startsWith("extension/dist/native/") || name.endsWith(".wasm")) return false;
      const text = fs.readFileSync(path.join(folder, name), "latin1");
      return [root, build, os.homedir() + path.sep].some((at) => text.includes(at));
    });
    expect(telling).toEqual([]);
  });

  it("is packed to the same bytes again", async () => {
    const before = hash(vsix);
    expect(hash(await packVsix(target, path.join(build, "again")))).toBe(before);
  });

  it.runIf(target === here || target === "universal")("runs alone, by itself and on WebAssembly", () => {
    expect(runDemo(extension, "auto")).toBe(target in NATIVE_TARGETS ? "native" : "wasm");
    expect(runDemo(extension, "wasm")).toBe("wasm");
  });

  it.runIf(target !== here && target !== "universal")(
    "runs on WebAssembly where its library is of no use",
    () => {
      expect(runDemo(extension, "auto")).toBe("wasm");
    },
  );
});
