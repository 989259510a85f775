import * as fs from "node:fs";
import * as path from "node:path";
import { expect, it } from "vitest";
import { builtFor, hasGlibc, machineName } from "../../../../../src/engine/model/runtime/machine.ts";
import { temporaryFolder } from "../../../../support/gguf/gguf-writer.ts";

const LIBRARIES = path.resolve(
  import.meta.dirname,
  "../../../../../node_modules/onnxruntime-node/bin/napi-v6",
);

it.each(["linux/x64", "linux/arm64", "darwin/arm64", "win32/x64", "win32/arm64"])(
  "knows what the library of %s is for",
  (place) => {
    const binding = path.join(LIBRARIES, place, "onnxruntime_binding.node");
    expect(builtFor(binding)).toBe(place.replace("/", "-"));
  },
);

it("knows nothing of what is no library", () => {
  expect(builtFor(path.join(LIBRARIES, "none.node"))).toBeNull();
  expect(builtFor(import.meta.filename)).toBeNull();
});

it("names this machine as its library does", () => {
  expect(fs.existsSync(path.join(LIBRARIES, machineName().replace("-", "/")))).toBe(true);
  expect(machineName()).toContain(process.arch);
});

it.each([
  ["/lib/ld-musl-x86_64.so.1", false],
  ["/lib64/ld-linux-x86-64.so.2", true],
])("knows the C library of a program by its loader %s", (loader, isGlibc) => {
  const program = path.join(temporaryFolder(), "node");
  fs.writeFileSync(program, `\x7fELF${"\0".repeat(788)}${loader}\0`);
  expect(hasGlibc(program)).toBe(isGlibc);
});
