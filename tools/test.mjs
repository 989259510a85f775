// All tests in one go: build, types, lint, format, unit and golden tests, the webview in a browser, the whole extension
// in a VS Code. What this machine cannot run is skipped loudly. Ends with one line that counts everything.
import { spawnSync } from "node:child_process";
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

function run(title, args) {
  console.log(`\n== ${title}`);
  const startedAt = Date.now();
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env: process.env });
  console.log(
    `== ${title}: ${status === 0 ? "ok" : "FAILED"} in ${Math.round((Date.now() - startedAt) / 1000)} s`,
  );
  return status === 0;
}

/** A check that passes or fails as a whole. */
function check(title, ...args) {
  if (run(title, args)) counts.passed++;
  else counts.failed++;
}

/** A vitest run, counted test by test. */
function tests(title, config, files = []) {
  const report = path.join(output, `${title.replace(/\W+/g, "-")}.json`);
  fs.mkdirSync(output, { recursive: true });
  fs.rmSync(report, { force: true });
  const ok = run(title, [
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
  types: () => {
    for (const config of [
      "tsconfig.json",
      "tsconfig.shared.json",
      "tsconfig.webview.json",
      "tsconfig.webview-test.json",
      "test/e2e/tsconfig.json",
    ]) {
      check(`types ${config}`, script("tsc", "typescript"), "-p", config);
    }
  },
  lint: () => {
    check("lint", script("eslint"), ".", "--max-warnings=0");
    check("what nothing uses", script("knip"));
  },
  format: () => check("format", script("prettier"), "--check", ".", "--log-level=warn"),
  unit: () => tests("unit and golden tests", "vitest.config.ts"),
  /** All of them, on demand: it takes many times as long as on the native runtime. A few run with the unit tests. */
  wasm: () => {
    if (!only.includes("wasm")) return;
    process.env.STATE_SWAP_TEST_RUNTIME = "wasm";
    tests("golden tests on WebAssembly", "vitest.config.ts", [
      "test/golden/onnx",
      "test/golden/gguf",
      "test/golden/every-fixture",
      "test/golden/embedded",
      "test/golden/long-prefix",
      "test/golden/wasm",
    ]);
  },
  webview: () => {
    if (findChromium() !== null) tests("webview tests", "vitest.webview.config.ts");
    else skip("webview tests", "no Chromium on this machine (install chromium, or set SWAP_CHROMIUM)");
  },
  // Asked for alone, the packages of all targets; else this machine's and the universal one.
  vsix: () => {
    if (only.includes("vsix")) process.env.SWAP_TARGETS ??= "all";
    tests("packages", "test/vsix/vitest.config.ts");
  },
  e2e: () => {
    if (findChromium() !== null) tests("end-to-end tests", "test/e2e/vitest.config.ts");
    else skip("end-to-end tests", "no Chromium on this machine (install chromium, or set SWAP_CHROMIUM)");
  },
};

for (const [name, part] of Object.entries(parts)) {
  if (only.length === 0 || only.includes(name)) part();
}
if (!fs.existsSync(path.join(root, "models", "SmolLM2-135M-Instruct.Q4_1.gguf"))) {
  notes.push("SKIPPED: everything on SmolLM2: run `npm run model:smollm2` first (98 MB)");
}
console.log("");
for (const note of notes) console.log(note);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);
