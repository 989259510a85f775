/** WebGPU on a machine without a graphics adapter: the CPU runs, and the reason says what to install on which platform. */
import * as path from "node:path";
import { expect, it } from "vitest";
import { openModel } from "../../../../../src/engine/open.ts";
import { cureText, fallbackText } from "../../../../../src/shared/words/runtime.ts";

const EMBEDDED = path.resolve(import.meta.dirname, "../../../../../media/models/countries-2m");
// No driver is found, whatever this machine has; set before the library loads.
process.env.VK_ICD_FILENAMES = "/nonexistent/icd.json";
process.env.VK_DRIVER_FILES = "/nonexistent/icd.json";

it.runIf(process.platform === "linux" && process.arch === "x64")("gives way to the CPU", async () => {
  const { runtime, decoder, selfTest } = await openModel({
    path: EMBEDDED,
    file: null,
    threads: 1,
    runtime: "webgpu",
  });
  await decoder.close();
  expect(selfTest.passed).toBe(true);
  expect(runtime).toMatchObject({ name: "native", asked: "webgpu", parity: null });
  expect(runtime.fault).toMatchObject({ runtime: "webgpu", code: "no-adapter", machine: "linux-x64" });
  expect(runtime.fault!.detail).toMatch(/^Failed to get a WebGPU adapter/);
  expect(fallbackText(runtime)).toBe(
    "The runtime WebGPU finds no graphics adapter that it can use. The runtime native runs instead. Install your card’s Vulkan driver and the Vulkan loader (Debian and Ubuntu: libvulkan1, Fedora: vulkan-loader).",
  );
});

it.each([
  ["linux-x64", "libvulkan1"],
  ["win32-x64", "Direct3D 12"],
  ["darwin-arm64", "Metal"],
])("says what to install on %s", (machine, what) => {
  const fault = { runtime: "webgpu", code: "no-adapter", machine, builtFor: null, detail: "" } as const;
  expect(cureText(fault)).toContain(what);
});
