// Bundles: extension host, engine process, command line, webview. Reports their sizes.
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";
import { copyWasm, runtimeAlias, runtimePlugins } from "./tools/bundle-runtimes.mjs";
import { commonJsChunks } from "./tools/commonjs-chunks.mjs";
import { writeNotices } from "./tools/notices.mjs";

const root = path.dirname(fileURLToPath(import.meta.url));
const watch = process.argv.includes("--watch");
const quiet = process.argv.includes("--quiet");

/** A module that a dependency imports and this product never runs: images. */
const unused = {
  name: "unused-modules",
  setup(plugin) {
    plugin.onResolve({ filter: /^sharp$/ }, (args) => ({
      path: args.path,
      namespace: "unused",
    }));
    plugin.onLoad({ filter: /.*/, namespace: "unused" }, () => ({
      contents: "module.exports = {};",
      loader: "js",
    }));
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  logLevel: "warning",
  // Class names appear in messages and logs.
  keepNames: true,
  alias: {
    // Its other build asks for its files by names that no bundler can follow.
    "jsonc-parser": "jsonc-parser/lib/esm/main.js",
    // The parser alone: the rest is four times as large, and its CommonJS cannot be left out of a bundle.
    yaml: path.join(root, "node_modules/yaml/browser/dist/parse/parser.js"),
  },
};

const node = {
  ...common,
  platform: "node",
  target: "node20",
  plugins: [unused, ...runtimePlugins],
  alias: { ...common.alias, ...runtimeAlias },
};
/** CommonJS dependencies inside an ES module bundle need a `require`. */
const requireBanner = {
  js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
};

const bundles = [
  {
    ...node,
    entryPoints: ["src/engine/main.ts"],
    outfile: "dist/engine.mjs",
    format: "esm",
    banner: requireBanner,
  },
  {
    ...node,
    entryPoints: ["src/engine/hub/main.ts"],
    outfile: "dist/hub.mjs",
    format: "esm",
    banner: requireBanner,
  },
  {
    ...node,
    entryPoints: ["src/cli/main.ts"],
    outfile: "dist/cli.mjs",
    format: "esm",
    banner: { js: `#!/usr/bin/env node\n${requireBanner.js}` },
  },
  {
    ...node,
    entryPoints: { extension: "src/extension/main.ts" },
    outdir: "dist",
    outExtension: { ".js": ".cjs" },
    chunkNames: "extension/[name]-[hash]",
    plugins: [...node.plugins, commonJsChunks],
    external: ["vscode"],
    // Naming each function is a tenth of what loading costs, and nothing of this side is told by its name.
    keepNames: false,
  },
  {
    // For editors without processes: what it imports must not need Node, or the bundle is not made.
    ...common,
    entryPoints: ["src/extension/web/main.ts"],
    // .cjs: the package is of ES modules, which a worker cannot load.
    outfile: "dist/web.cjs",
    format: "cjs",
    platform: "browser",
    target: "es2022",
    external: ["vscode"],
  },
  {
    ...common,
    entryPoints: ["webview/main.tsx"],
    outfile: "dist/webview.js",
    format: "iife",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
  },
  {
    ...common,
    entryPoints: ["webview/export/export-page.tsx"],
    outfile: "dist/export.js",
    format: "iife",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    // It is copied into exported pages, which refer to nothing.
    sourcemap: false,
  },
];

if (process.argv.includes("--bench")) {
  for (const name of ["startup", "sweeps", "peers", "cost", "copies", "llama-cpp", "parity", "any-size"]) {
    bundles.push({
      ...node,
      entryPoints: [`test/bench/${name}.ts`],
      outfile: `dist/bench-${name}.mjs`,
      format: "esm",
      banner: requireBanner,
    });
  }
}

copyWasm(path.join(root, "dist/ort"));
const shipped = [];
for (const options of bundles) {
  if (watch) {
    await (await context(options)).watch();
    continue;
  }
  const result = await build(options);
  if (!options.outfile?.includes("bench")) shipped.push(result.metafile);
  if (options.outfile?.includes("cli")) fs.chmodSync(path.join(root, options.outfile), 0o755);
  if (quiet) continue;
  for (const file of Object.keys(result.metafile.outputs)) {
    const { size } = fs.statSync(path.join(root, file));
    if (!file.endsWith(".map")) console.log(`${file.padEnd(44)} ${(size / 1000).toFixed(1).padStart(8)} kB`);
  }
}
if (!watch) writeNotices(shipped, path.join(root, "dist"));
