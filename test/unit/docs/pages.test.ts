/** What pages, comments and the workbench's files name is there: links, headings, files, scripts. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { codeBlocks, codeSpans, pages, ROOT } from "../../support/pages.ts";

const PACKAGE = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
  engines: { node: string };
};

const exists = (file: string): boolean => fs.existsSync(path.join(ROOT, file));

/** Anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} -]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** Files of the repository that a text names, such as `src/engine/open.ts`; those with placeholders by their folder. */
function namedFiles(code: readonly string[]): string[] {
  return code.flatMap((one) =>
    one.split(/[\s,;()'"=]+/).flatMap((word) => {
      const isPath =
        /^(?:src|webview|test|tools|docs|media|samples|shared|engine|extension)\/[\w./<>*{},-]*$/.test(word);
      if (!isPath) return [];
      const plain = word.split(/[<*{]/)[0]!;
      const file = plain === word ? word : path.posix.dirname(`${plain}_`);
      return [/^(?:shared|engine|extension)\//.test(file) ? `src/${file}` : file];
    }),
  );
}

/** Names of scripts, as in `npm run build`. */
function namedScripts(text: string): string[] {
  return [...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name]) => name!);
}

describe.each(pages())("$file", ({ file, text }) => {
  const code = [...codeSpans(text), ...codeBlocks(text).flat()];

  test("links lead somewhere", () => {
    const folder = path.posix.dirname(file);
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    const broken = links.filter((link) => {
      if (/^(?:https?|mailto|command):/.test(link)) return false;
      const [name = "", anchor] = link.split("#");
      const target = name === "" ? file : path.posix.join(folder, decodeURI(name));
      if (!exists(target)) return true;
      return anchor !== undefined && !anchorsOf(fs.readFileSync(path.join(ROOT, target), "utf8")).has(anchor);
    });
    expect(broken).toEqual([]);
  });

  test("scripts and files are there", () => {
    expect(namedScripts(text).filter((name) => !(name in PACKAGE.scripts))).toEqual([]);
    expect(namedFiles(code).filter((name) => !exists(name))).toEqual([]);
    const run = code.flatMap((one) =>
      [...one.matchAll(/(?:^|\s)node ([\w./-]+\.mjs)/g)].map(([, name]) => name!),
    );
    expect(run.filter((name) => !name.startsWith("dist/") && !exists(name))).toEqual([]);
  });
});

test("every page below docs can be reached from the README", () => {
  const all = new Map(pages().map(({ file, text }) => [file, text]));
  const reached = new Set<string>();
  const walk = (file: string): void => {
    const text = all.get(file);
    if (text === undefined || reached.has(file)) return;
    reached.add(file);
    for (const [, link] of text.matchAll(/\]\(([^)\s#]+)/g))
      walk(path.posix.join(path.posix.dirname(file), link!));
  };
  walk("README.md");
  expect([...all.keys()].filter((file) => file.startsWith("docs/") && !reached.has(file))).toEqual([]);
});

test("comments name pages that are there, and none outside the repository", () => {
  const files = ["src", "webview", "test", "tools"].flatMap((folder) =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(?:tsx?|m?js|css)$/.test(name))
      .map((name) => path.join(folder, name)),
  );
  const wrong = [...files, "esbuild.mjs", "eslint.config.mjs"].flatMap((file) => {
    const text = fs.readFileSync(path.join(ROOT, file), "utf8");
    const named = [...text.matchAll(/(?<![\w./-])((?:docs\/)?(?:[\w-]+\/)*[\w-]+\.md)\b/g)].map(
      ([, page]) => page!,
    );
    return named
      .filter(
        (page) =>
          !exists(page) &&
          /^(?:docs\/|(?:paper|engine|extension|design|architecture|field|ux)\.md)/.test(page),
      )
      .map((page) => `${file}: ${page}`);
  });
  expect(wrong).toEqual([]);
});

describe("the workbench's files", () => {
  interface Task {
    readonly label: string;
    readonly script: string;
  }
  interface Launch {
    readonly program?: string;
    readonly args?: readonly string[];
    readonly preLaunchTask?: string;
  }
  const read = (name: string): unknown =>
    JSON.parse(fs.readFileSync(path.join(ROOT, ".vscode", name), "utf8"));
  const { tasks } = read("tasks.json") as { readonly tasks: readonly Task[] };
  const { configurations } = read("launch.json") as { readonly configurations: readonly Launch[] };

  test("name scripts, tasks and files that are there", () => {
    expect(tasks.filter(({ script }) => !(script in PACKAGE.scripts))).toEqual([]);
    const labels = tasks.map(({ label }) => label);
    for (const { preLaunchTask } of configurations)
      if (preLaunchTask !== undefined) expect(labels).toContain(preLaunchTask);
    const named = configurations.flatMap(({ program, args = [] }) => [program ?? "", ...args]);
    const files = named.flatMap((one) =>
      [...one.matchAll(/\$\{workspaceFolder\}\/([\w./-]+)/g)].map(([, at]) => at!),
    );
    expect(files.filter((name) => !name.startsWith("dist/") && !exists(name))).toEqual([]);
  });

  test("ask for a Node that the manifest allows", () => {
    const asked = Number(fs.readFileSync(path.join(ROOT, ".nvmrc"), "utf8"));
    // The newest of that major: the manifest names the oldest.
    expect(PACKAGE.engines.node).toMatch(new RegExp(`^>=${asked}\\.`));
  });
});
