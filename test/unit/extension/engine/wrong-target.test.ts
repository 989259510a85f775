/** A package for another machine is noticed at activation, and told once for each version in words that name the right one. */
import { expect, it } from "vitest";
import { sayWrongTarget } from "../../../../src/extension/engine/wrong-target.ts";
import type { Host } from "../../../../src/extension/host.ts";
import { machineName } from "../../../../src/engine/model/runtime/machine.ts";
import type { RuntimeChoice } from "../../../../src/shared/experiment/runtime.ts";
import { contextIn, installedFor, root } from "../../../support/extension-support.ts";

const here = machineName();
const other = here === "darwin-arm64" ? "win32-arm64" : "darwin-arm64";

/** What an activation in a window says, and whether it holds the package for the wrong one. */
function activate(folder: string, kept = new Map<string, unknown>(), runtime: RuntimeChoice = "auto") {
  const said: string[] = [];
  const showWarningMessage = (text: string): Promise<void> => {
    said.push(text);
    return Promise.resolve();
  };
  const host = {
    vs: { window: { showWarningMessage } },
    context: contextIn(folder, kept),
    settings: () => ({ runtime }),
  };
  const isWrong = sayWrongTarget(host as unknown as Host);
  return { said, isWrong };
}

it("is told once, with the right build and what runs meanwhile, and again by another version", () => {
  const folder = installedFor(other);
  const kept = new Map<string, unknown>();
  expect(activate(folder, kept)).toEqual({
    isWrong: true,
    said: [
      `This is the build of State Swap for ${other}, and this machine is ${here}. WebAssembly runs instead: the same answers, several times slower. Install the build of State Swap for ${here}.`,
    ],
  });
  expect(activate(folder, kept)).toEqual({ isWrong: true, said: [] });
  const [key, reason] = [...kept][0]!;
  kept.set(key, String(reason).replace(/^\S+/, "0.0.1"));
  expect(activate(folder, kept).said).toHaveLength(1);
});

it("promises no other runtime where the native one was asked for, and is of no interest to who chose WebAssembly", () => {
  const folder = installedFor(other);
  const { said } = activate(folder, new Map(), "native");
  expect(said[0]).toMatch(/^This is the build of State Swap for .* Install the build of State Swap for /);
  expect(said[0]).not.toContain("WebAssembly");
  expect(activate(folder, new Map(), "wasm")).toEqual({ isWrong: true, said: [] });
});

it.each([
  ["the build for this machine", () => installedFor(here)],
  ["the universal build, also where there is a native library", () => installedFor("universal")],
  ["a checkout", () => root],
])("%s is no fault", (_, folder) => {
  expect(activate(folder())).toEqual({ isWrong: false, said: [] });
});
