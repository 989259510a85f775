/** Bundles stand alone: neither packages nor paths of the machine that built them are asked for. */
import { fork } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { replaceIn } from "../../../tools/bundle-runtimes.mjs";
import { buildOnce, temporaryFolder } from "../../support/cli/cli-support.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const folder = temporaryFolder();
beforeAll(buildOnce);

describe("a bundle", () => {
  it("names no path of the machine that built it", () => {
    const names = fs.readdirSync(path.join(root, "dist")).filter((name) => /\.(mjs|cjs|js|css)$/.test(name));
    expect(names).toContain("engine.mjs");
    const telling = names.filter((name) => {
      const text = fs.readFileSync(path.join(root, "dist", name), "utf8");
      return text.includes(root) || text.includes(os.homedir() + path.sep);
    });
    expect(telling).toEqual([]);
  });

  it("of the download process runs where no package is installed", async () => {
    fs.copyFileSync(path.join(root, "dist/hub.mjs"), path.join(folder, "hub.mjs"));
    const child = fork(path.join(folder, "hub.mjs"), { cwd: folder, stdio: "pipe" });
    let errors = "";
    child.stderr?.on("data", (data: Buffer) => (errors += data.toString()));
    const said = await new Promise<unknown>((resolve) => {
      child.once("message", resolve);
      child.once("exit", () => {
        resolve(errors);
      });
    });
    child.kill();
    expect(said).toEqual({ kind: "ready" });
  });

  it("is not made when the text to replace in a dependency is gone", async () => {
    const file = path.join(folder, "dependency.js");
    const bundle = async (text: string): Promise<string> => {
      fs.writeFileSync(file, text);
      const rule = { name: "the rule", file: /dependency\.js$/, from: "before", to: "$& after" };
      const { outputFiles } = await build({
        entryPoints: [file],
        bundle: true,
        write: false,
        logLevel: "silent",
        plugins: [replaceIn(rule)],
      });
      return outputFiles[0]!.text;
    };
    expect(await bundle("console.log('before');")).toContain("$& after");
    await expect(bundle("console.log('something else');")).rejects.toThrow('has changed: look at "the rule"');
  });
});
