// All tests in one go: build, types, lint, format, unit and golden tests, the webview in a browser, the whole extension
// in a VS Code. What this machine cannot run is skipped loudly. Ends with one line that counts everything.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { importTypeScript, root } from "./import-typescript.mjs";

const { findChromium } = await importTypeScript("test/support/chromium.ts");
const output = path.join(root, "test-output");
const only = process.argv.slice(2);
/** A tool's own script: what npm puts into .bin runs in a shell alone on Windows. */
function script(name, packageName = name) {
  const folder = path.join(root, "node_modules", packageName);
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
  return path.join(folder, typeof bin === "string" ? bin : bin[name]);
}

const counts = { passed: 0, failed: 0, skipped: 0 };
const notes = [];

/** Runs a tool; what it prints beside others comes in one piece at its end. */
async function run(title, args, isBeside = false) {
  if (!isBeside) console.log(`\n== ${title}`);
  const startedAt = Date.now();
  const stdio = isBeside ? ["ignore", "pipe", "pipe"] : "inherit";
  const tool = spawn(process.execPath, args, { cwd: root, stdio, env: process.env });
  const printed = [];
  for (const stream of [tool.stdout, tool.stderr]) stream?.on("data", (piece) => printed.push(piece));
  const status = await new Promise((resolve, reject) => {
    tool.once("error", reject);
    tool.once("close", resolve);
  });
  if (isBeside) process.stdout.write(`\n== ${title}\n${Buffer.concat(printed).toString()}`);
  console.log(
    `== ${title}: ${status === 0 ? "ok" : "FAILED"} in ${Math.round((Date.now() - startedAt) / 1000)} s`,
  );
  return status === 0;
}

/** A check that passes or fails as a whole. It takes one core, so it may run beside tests. */
async function check(title, ...args) {
  if (await run(title, args, only.length === 0)) counts.passed++;
  else counts.failed++;
}

/** A vitest run, counted test by test. */
async function tests(title, config, files = []) {
  const report = path.join(output, `${title.replace(/\W+/g, "-")}.json`);
  fs.mkdirSync(output, { recursive: true });
  fs.rmSync(report, { force: true });
  const ok = await run(title, [
    script("vitest"),
    "run",
    ...files,
    "--config",
    config,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  if (!fs.existsSync(report)) {
    counts.failed++;
    return;
  }
  const result = JSON.parse(fs.readFileSync(report, "utf8"));
  counts.passed += result.numPassedTests;
  counts.failed += result.numFailedTests + (ok || result.numFailedTests > 0 ? 0 : 1);
  counts.skipped += result.numPendingTests;
  for (const file of result.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === "pending" || test.status === "skipped") notes.push(`skipped: ${test.fullName}`);
    }
  }
}

function skip(title, reason) {
  counts.skipped++;
  notes.push(`SKIPPED: ${title}: ${reason}`);
}

const parts = {
  build: () => check("build", "esbuild.mjs"),
  types: async () => {
    for (const config of [
      "tsconfig.json",
      "tsconfig.shared.json",
      "tsconfig.webview.json",
      "tsconfig.webview-test.json",
      "test/e2e/tsconfig.json",
    ]) {
      await check(`types ${config}`, script("tsc", "typescript"), "-p", config);
    }
  },
  lint: async () => {
    await check("lint", script("eslint"), ".", "--max-warnings=0");
    await check("what nothing uses", script("knip"));
  },
  format: () => check("format", script("prettier"), "--check", ".", "--log-level=warn"),
  unit: () => tests("unit and golden tests", "vitest.config.ts"),
  faults: () => tests("faults", "test/faults/vitest.config.ts"),
  /** Many more trials of each property than the unit and golden tests make, on demand. */
  properties: async () => {
    if (!only.includes("properties")) return;
    process.env.STATE_SWAP_PROPERTY_FACTOR ??= "20";
    await tests("properties", "vitest.config.ts", ["properties"]);
  },
  /** All of them, on demand: it takes many times as long as on the native runtime. A few run with the unit tests. */
  wasm: async () => {
    if (!only.includes("wasm")) return;
    process.env.STATE_SWAP_TEST_RUNTIME = "wasm";
    await tests("golden tests on WebAssembly", "vitest.config.ts", [
      "test/golden/onnx",
      "test/golden/gguf",
      "test/golden/every-fixture",
      "test/golden/embedded",
      "test/golden/long-prefix",
      "test/golden/wasm",
    ]);
  },
  webview: async () => {
    if (findChromium() !== null) await tests("webview tests", "vitest.webview.config.ts");
    else skip("webview tests", "no Chromium on this machine (install chromium, or set SWAP_CHROMIUM)");
  },
  // Asked for alone, the packages of all targets; else this machine's and the universal one.
  vsix: async () => {
    if (only.includes("vsix")) process.env.SWAP_TARGETS ??= "all";
    await tests("packages", "test/vsix/vitest.config.ts");
  },
  e2e: async () => {
    if (findChromium() !== null) await tests("end-to-end tests", "test/e2e/vitest.config.ts");
    else skip("end-to-end tests", "no Chromium on this machine (install chromium, or set SWAP_CHROMIUM)");
  },
};

async function inTurn(names) {
  for (const name of names) await parts[name]();
}

if (only.length > 0) await inTurn(Object.keys(parts).filter((name) => only.includes(name)));
else {
  await inTurn(["build"]);
  // Tests wait for frames and processes a good part of their time: a check beside them costs them little.
  await Promise.all([
    inTurn(["types", "lint", "format"]),
    inTurn(["webview", "unit", "faults", "vsix", "e2e"]),
  ]);
}
if (!fs.existsSync(path.join(root, "models", "SmolLM2-135M-Instruct.Q4_1.gguf"))) {
  notes.push("SKIPPED: everything on SmolLM2: run `npm run model:smollm2` first (98 MB)");
}
console.log("");
for (const note of notes) console.log(note);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);
