// esbuild plugins for ONNX Runtime, native and WebAssembly: its JavaScript goes into the bundle, its binaries lie beside it.
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";

const require = createRequire(import.meta.url);

/**
 * Replaces a text of a dependency's file while it is bundled.
 *
 * @param {{ name: string; file: RegExp; from: string | RegExp; to: string }} rule
 * @returns {import("esbuild").Plugin} its build fails when the file has no such text any more
 */
export function replaceIn({ name, file, from, to }) {
  return {
    name,
    setup(plugin) {
      plugin.onLoad({ filter: file }, async (args) => {
        const text = await fs.promises.readFile(args.path, "utf8");
        const contents = text.replace(from, () => to);
        if (contents === text) throw new Error(`${args.path} has changed: look at "${name}".`);
        return { contents, loader: "js" };
      });
    },
  };
}

const beside = "./native/onnxruntime_binding.node";
const installed = "onnxruntime-node/bin/napi-v6/";

/**
 * The line that names the native library: a package for one platform has it beside the bundle; a checkout or an
 * installation by npm has onnxruntime-node. A library that is there and does not load throws why.
 */
const binding = replaceIn({
  name: "native library beside the bundle",
  file: /onnxruntime-node[\\/]dist[\\/]binding\.js$/,
  from: /require\(`\.\.\/bin\/napi-v6\/[^`]*`\)/,
  to: `(() => {
    try { return require("${beside}"); } catch (error) { if (error?.code !== "MODULE_NOT_FOUND") throw error; }
    return require("${installed}" + process.platform + "/" + process.arch + "/onnxruntime_binding.node");
  })()`,
});

/** Binaries are found when the bundle runs. */
const binaries = {
  name: "binaries",
  setup(/** @type {import("esbuild").PluginBuild} */ plugin) {
    plugin.onResolve({ filter: /\.node$/ }, (args) => ({ path: args.path, external: true }));
  },
};

/**
 * transformers takes onnxruntime-node unseen by bundlers, as soon as it is loaded. Only its tokenizers and downloads are
 * used: a download asks for a session too, which would load the whole model into memory for nothing.
 */
const transformers = replaceIn({
  name: "transformers without a runtime",
  file: /@huggingface[\\/]transformers[\\/]dist[\\/]transformers\.node\.mjs$/,
  from: 'requireFromHere("onnxruntime-node")',
  to: "{ InferenceSession: { create: () => Promise.resolve({}) }, Tensor: Object, env: {} }",
});

/** For every bundle that runs in Node. */
export const runtimePlugins = [binding, binaries, transformers];

/** Both runtimes share one copy of what they have in common. */
export const runtimeAlias = {
  "onnxruntime-common": createRequire(require.resolve("onnxruntime-node")).resolve("onnxruntime-common"),
};

/** What the WebAssembly runtime reads when it starts. */
export const wasmFiles = ["ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];

/**
 * Copies the WebAssembly runtime's files.
 *
 * @param {string} folder made when it is missing
 */
export function copyWasm(folder) {
  fs.mkdirSync(folder, { recursive: true });
  const from = path.dirname(require.resolve("onnxruntime-web"));
  for (const name of wasmFiles) fs.copyFileSync(path.join(from, name), path.join(folder, name));
}
