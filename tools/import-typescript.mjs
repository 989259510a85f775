// Lets tools use the product's own TypeScript: bundles a file and imports it.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

/** The repository. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** CommonJS dependencies inside an ES module bundle need a `require`. */
const banner =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/**
 * @param {string} file relative to the repository
 * @returns {Promise<any>} what it exports
 */
export async function importTypeScript(file) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-"));
  const outfile = path.join(folder, "bundle.mjs");
  try {
    await build({
      absWorkingDir: root,
      entryPoints: [file],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      banner: { js: banner },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
