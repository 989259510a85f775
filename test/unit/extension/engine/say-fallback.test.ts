/** That WebAssembly runs because the native library does not load is told once for each reason, with what to install. */
import { expect, it } from "vitest";
import type { Memento } from "vscode";
import { sayFallback } from "../../../../src/extension/engine/say-fallback.ts";
import type { ModelStatus } from "../../../../src/extension/engine/supervisor.ts";
import type { Host } from "../../../../src/extension/host.ts";
import { Signal } from "../../../../src/extension/signal.ts";
import type { RuntimeFault } from "../../../../src/shared/experiment/runtime.ts";

const MISSING: RuntimeFault = {
  runtime: "native",
  code: "missing",
  machine: "linux-x64",
  builtFor: null,
  detail: "Cannot find module",
};

/** A window; `kept` is what the machine remembers from one to the next. */
function open(kept: Map<string, unknown>, isWrongTarget = false) {
  const said: string[] = [];
  const changed = new Signal<ModelStatus>();
  const globalState = {
    get: (key: string) => kept.get(key),
    update: (key: string, value: unknown) => Promise.resolve(kept.set(key, value)),
  } as unknown as Memento;
  const showWarningMessage = (text: string): Promise<undefined> => {
    said.push(text);
    return Promise.resolve(undefined);
  };
  const host = {
    vs: { window: { showWarningMessage } },
    context: { globalState },
    supervisor: { changed },
  };
  sayFallback(host as unknown as Host, isWrongTarget);
  const ran = (name: "native" | "wasm", fault: RuntimeFault | null): void => {
    const info = { runtime: { name, asked: "auto", fault } };
    changed.fire({ state: "ready", info, path: "m", failure: null } as unknown as ModelStatus);
  };
  return { said, ran };
}

it("is said once for each reason, in all windows, and again when it comes back", () => {
  const kept = new Map<string, unknown>();
  const { said, ran } = open(kept);
  ran("wasm", MISSING);
  ran("wasm", MISSING);
  expect(said).toEqual([
    "The files of the runtime native are not there. WebAssembly runs instead: the same answers, several times slower. Install the build of State Swap for linux-x64.",
  ]);
  const next = open(kept);
  next.ran("wasm", MISSING);
  expect(next.said).toEqual([]);
  next.ran("wasm", { ...MISSING, code: "no-vc-runtime", machine: "win32-x64" });
  expect(next.said).toHaveLength(1);
  next.ran("native", null);
  expect(next.said).toHaveLength(1);
  next.ran("wasm", MISSING);
  expect(next.said).toHaveLength(2);
});

it("does not say again what the activation said: that the package is for another machine", () => {
  const wrong: RuntimeFault = { ...MISSING, code: "wrong-machine", builtFor: "darwin-arm64" };
  const { said, ran } = open(new Map(), true);
  ran("wasm", wrong);
  expect(said).toEqual([]);
  ran("wasm", MISSING);
  expect(said).toHaveLength(1);
  const other = open(new Map());
  other.ran("wasm", wrong);
  expect(other.said).toHaveLength(1);
});
