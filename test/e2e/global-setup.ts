/** Before all end-to-end tests: finds Chromium, sets the VS Code server up and builds the product; or says why not. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import type { ServerTools } from "../../tools/e2e-setup.mjs";
import { setUpServer } from "../../tools/e2e-setup.mjs";
import { findChromium } from "../support/chromium.ts";

/** What the tests need; or why they cannot run here. */
export type E2e =
  { readonly tools: ServerTools; readonly chromium: string; readonly skip: null } | { readonly skip: string };

declare module "vitest" {
  interface ProvidedContext {
    readonly e2e: E2e;
  }
}

const root = join(import.meta.dirname, "../..");

function prepare(): E2e {
  const chromium = findChromium();
  if (chromium === null) {
    return { skip: "no chromium, chromium-browser or google-chrome on PATH; set SWAP_CHROMIUM" };
  }
  try {
    return { tools: setUpServer(console.log), chromium, skip: null };
  } catch (error) {
    return { skip: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Provides `e2e` to the tests.
 *
 * @throws {Error} when the product does not build, or when STATE_SWAP_E2E=required and the tests cannot run
 */
export function setup(project: TestProject): void {
  const e2e = prepare();
  project.provide("e2e", e2e);
  if (e2e.skip !== null) {
    if (process.env.STATE_SWAP_E2E === "required") throw new Error(`No end-to-end tests: ${e2e.skip}`);
    console.warn(`\n  SKIPPED: the end-to-end tests in VS Code: ${e2e.skip}\n`);
    return;
  }
  // Whoever has just built, such as the runner of all tests, says so.
  if (process.env.STATE_SWAP_BUILT === "1") return;
  const build = spawnSync(process.execPath, ["esbuild.mjs", "--quiet"], { cwd: root, encoding: "utf8" });
  if (build.status !== 0) throw new Error(`The build failed:\n${build.stdout}${build.stderr}`);
}
