/** Licences of what is shipped: every bundled package is named with its text, and nothing under another licence gets in. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Metafile } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Shipped } from "../../../tools/notices.mjs";
import { notices, shippedPackages } from "../../../tools/notices.mjs";
import { ROOT } from "../../support/pages.ts";

const dist = (name: string): string => fs.readFileSync(path.join(ROOT, "dist", name), "utf8");
/** Words that a licence's text has, whoever wrote it down. */
const words: Readonly<Record<string, RegExp>> = {
  MIT: /Permission is hereby granted, free of charge/,
  "Apache-2.0": /Apache License/,
  "0BSD": /Permission to use, copy, modify,\s+and\/or distribute/,
  ISC: /Permission to use, copy, modify,\s+and\/or distribute/,
};

describe("what was built", () => {
  let shipped: readonly Shipped[] = [];
  let text = "";
  beforeAll(() => {
    if (!fs.existsSync(path.join(ROOT, "dist/THIRD_PARTY_NOTICES.txt")))
      spawnSync(process.execPath, ["esbuild.mjs", "--quiet"], { cwd: ROOT });
    shipped = JSON.parse(dist("shipped.json")) as Shipped[];
    text = dist("THIRD_PARTY_NOTICES.txt");
  });

  it("names every package that a bundle has code of, in the installed version", () => {
    const maps = fs.readdirSync(path.join(ROOT, "dist")).filter((name) => /^(?!bench).*s\.map$/.test(name));
    expect(maps.length).toBeGreaterThanOrEqual(5);
    const folders = maps.flatMap((name) =>
      (JSON.parse(dist(name)) as { readonly sources: readonly string[] }).sources.flatMap(
        (source) => /node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+(?=\/)/.exec(source)?.[0] ?? [],
      ),
    );
    expect(folders.length).toBeGreaterThan(0);
    const named = shipped.map(({ folder }) => folder);
    expect([...new Set(folders)].filter((folder) => !named.includes(folder))).toEqual([]);
    for (const { name, version, folder } of shipped) {
      const installed = JSON.parse(
        fs.readFileSync(path.join(ROOT, folder, "package.json"), "utf8"),
      ) as Shipped;
      expect({ name, version }).toEqual({ name: installed.name, version: installed.version });
    }
  });

  it("has the notices that these packages ask for now, each with its licence's own words", () => {
    expect(text).toBe(notices(shipped));
    for (const { name, version, license } of shipped) {
      const title = `${name} ${version} (${license})\n`;
      const [, after = ""] = text.split(title);
      const own = after.split(/\n-{100}\n(?!\n)/)[0]!;
      expect(words[license], title).toBeDefined();
      expect(own, title).toMatch(words[license]!);
    }
  });

  it("has ONNX Runtime's licence and all of its own notices, and what transformers has taken in", () => {
    const names = shipped.map(({ name }) => name);
    for (const name of ["onnxruntime-node", "@huggingface/jinja", "@huggingface/tokenizers"])
      expect(names).toContain(name);
    expect(text).toContain("THIRD PARTY SOFTWARE NOTICES AND INFORMATION");
    expect(text).toContain("Eigen");
  });
});

describe("the list of what is shipped", () => {
  const metafile = (inputs: Readonly<Record<string, number>>): Pick<Metafile, "outputs"> => ({
    outputs: {
      "dist/x.js": {
        bytes: 1,
        imports: [],
        exports: [],
        inputs: Object.fromEntries(
          Object.entries(inputs).map(([file, bytesInOutput]) => [file, { bytesInOutput }]),
        ),
      },
    },
  });

  it("counts what has bytes in a bundle, and a nested package as itself", () => {
    const nested = "node_modules/@microsoft/fast-foundation/node_modules/tslib";
    const folders = shippedPackages([
      metafile({
        "src/engine/main.ts": 5,
        "node_modules/preact/dist/preact.mjs": 0,
        "node_modules/valibot/dist/index.js": 7,
        [`${nested}/tslib.es6.js`]: 3,
      }),
    ]).map(({ folder }) => folder);
    expect(folders).toContain("node_modules/valibot");
    expect(folders).toContain(nested);
    expect(folders).not.toContain("node_modules/preact");
    expect(folders).not.toContain("node_modules/tslib");
  });
});

describe("notices", () => {
  const folder = "test-output/notices";
  const shipped = { name: "some", version: "1.0.0", folder };
  beforeAll(() => {
    fs.mkdirSync(path.join(ROOT, folder), { recursive: true });
  });
  afterAll(() => {
    fs.rmSync(path.join(ROOT, folder), { recursive: true });
  });

  it("refuse a licence that was not decided on", () => {
    expect(() => notices([{ ...shipped, license: "LGPL-3.0-or-later" }])).toThrow(
      "some 1.0.0 is under LGPL-3.0-or-later, which tools/notices.mjs does not allow.",
    );
  });

  it("refuse a package without a text, and take the one that it brings", () => {
    expect(() => notices([{ ...shipped, license: "MIT" }])).toThrow(
      "some 1.0.0 brings no licence text. Put one into tools/licenses",
    );
    fs.writeFileSync(path.join(ROOT, folder, "LICENSE.md"), "Its own text.");
    expect(notices([{ ...shipped, license: "MIT" }])).toContain("Its own text.");
  });
});
