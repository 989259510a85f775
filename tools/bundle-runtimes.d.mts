import type { Plugin } from "esbuild";

/** Replaces a text of a dependency's file while it is bundled; the build fails when the file has no such text any more. */
export declare function replaceIn(rule: {
  name: string;
  file: RegExp;
  from: string | RegExp;
  to: string;
}): Plugin;
