// esbuild plugin: a CommonJS bundle in pieces, so that what is asked for by `import()` is read and compiled when it is needed.
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { transform } from "esbuild";

/** esbuild splits ES modules alone, and the oldest editors load CommonJS alone: the pieces are translated one by one. */
export const commonJsChunks = {
  name: "CommonJS chunks",
  setup(/** @type {import("esbuild").PluginBuild} */ { initialOptions, onEnd }) {
    const folder = path.join(initialOptions.absWorkingDir ?? "", initialOptions.outdir ?? "");
    Object.assign(initialOptions, { format: "esm", splitting: true, write: false, sourcemap: "inline" });
    onEnd(async ({ outputFiles = [] }) => {
      for (const { path: file, text } of outputFiles) {
        const { code, map } = await transform(text, {
          format: "cjs",
          platform: "node",
          minify: true,
          // `import()` becomes `require`: the piece is there when it is asked for, and no editor's loader is in the way.
          supported: { "dynamic-import": false },
          sourcemap: "external",
          sourcesContent: false,
          sourcefile: path.basename(file),
        });
        await fs.mkdir(path.dirname(file), { recursive: true });
        await fs.writeFile(file, `${code}//# sourceMappingURL=${path.basename(file)}.map\n`);
        await fs.writeFile(`${file}.map`, map);
      }
      // Names of pieces change with what is in them: older ones would be packed.
      const names = new Set(outputFiles.map(({ path: file }) => file));
      const pieces = path.join(folder, "extension");
      for (const name of await fs.readdir(pieces)) {
        if (!names.has(path.join(pieces, name.replace(/\.map$/, "")))) await fs.rm(path.join(pieces, name));
      }
    });
  },
};
