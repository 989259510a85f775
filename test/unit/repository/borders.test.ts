/** The borders between rooms: lint refuses a planted violation at any depth, no imports run in circles, tests stand where they are looked for. */
import * as fs from "node:fs";
import * as path from "node:path";
import { ESLint, Linter } from "eslint";
import { describe, expect, test } from "vitest";

const ROOT = path.join(import.meta.dirname, "../../..");
const RULES = ["no-restricted-imports", "@typescript-eslint/no-restricted-imports"];

/** Messages of the border rules, as configured for a file, about one import in it. */
async function refusals(file: string, specifier: string): Promise<string[]> {
  const config: unknown = await new ESLint({ cwd: ROOT }).calculateConfigForFile(path.join(ROOT, file));
  const { rules, plugins } = config as { rules: Linter.RulesRecord; plugins: Record<string, ESLint.Plugin> };
  const borders = Object.fromEntries(RULES.flatMap((name) => (rules[name] ? [[name, rules[name]]] : [])));
  return new Linter()
    .verify(`import { planted } from "${specifier}";`, [{ files: ["**"], plugins, rules: borders }])
    .map(({ ruleId, message }) => ruleId ?? message);
}

describe("a planted violation", () => {
  test.each([
    ["src/shared/version.ts", "../engine/matrix.ts"],
    ["src/shared/session/planted.ts", "../../engine/matrix.ts"],
    ["src/shared/condition/kinds/planted.ts", "../../../extension/host.ts"],
    ["src/shared/words/planted.ts", "node:fs"],
    ["src/shared/words/planted.ts", "vscode"],
    ["src/engine/pass/planted.ts", "vscode"],
    ["src/engine/pass/planted.ts", "../model/onnx/graph.ts"],
    ["src/engine/model/planted.ts", "../pass/sweep.ts"],
    ["src/engine/model/onnx/prefix/planted.ts", "../../../pass/sweep.ts"],
    ["src/engine/model/onnx/prefix/planted.ts", "../../gguf/reader.ts"],
    ["src/engine/model/gguf/planted.ts", "../onnx/reader.ts"],
    ["src/engine/model/gguf/families/planted.ts", "onnxruntime-node"],
    ["src/engine/planted.ts", "../cli/main.ts"],
    ["src/cli/commands/planted.ts", "../../extension/host.ts"],
    ["src/extension/panel/planted.ts", "../../cli/main.ts"],
    ["src/extension/web/planted.ts", "node:fs"],
    ["webview/parts/planted.tsx", "../../src/engine/matrix.ts"],
    ["webview/parts/planted.tsx", "../../src/cli/style.ts"],
  ])("%s may not import %s", async (file, specifier) => {
    expect(await refusals(file, specifier)).not.toEqual([]);
  });

  test.each([
    ["src/shared/session/planted.ts", "../protocol/engine.ts"],
    ["src/engine/pass/planted.ts", "../model/decoder.ts"],
    ["src/engine/model/gguf/planted.ts", "../runtime/protobuf-writer.ts"],
    ["src/cli/planted.ts", "../engine/client/engine-client.ts"],
    ["webview/parts/planted.tsx", "../../src/shared/text/format.ts"],
  ])("%s may import %s", async (file, specifier) => {
    expect(await refusals(file, specifier)).toEqual([]);
  });
});

/** Files of the source with the files that they import, types included. */
function importGraph(): Map<string, string[]> {
  const files = ["src", "webview"].flatMap((folder) =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => path.posix.join(folder, name.replaceAll(path.sep, "/"))),
  );
  const known = new Set(files);
  const importsOf = (file: string): string[] =>
    [...fs.readFileSync(path.join(ROOT, file), "utf8").matchAll(/(?:from|import)\s*\(?"(\.[^"]+)"/g)]
      .map(([, specifier]) => path.posix.join(path.posix.dirname(file), specifier!))
      .filter((target) => known.has(target));
  return new Map(files.map((file) => [file, importsOf(file)]));
}

/** What is in a circle, or leads to one. */
function circling(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const left = new Map(graph);
  // Whatever imports nothing that is left is taken away until nothing changes.
  for (;;) {
    const done = [...left].filter(([, targets]) => targets.every((target) => !left.has(target)));
    if (done.length === 0) return [...left.keys()];
    for (const [one] of done) left.delete(one);
  }
}

test("no imports run in circles, those of types among them", () => {
  const graph = importGraph();
  expect(graph.size).toBeGreaterThan(300);
  expect(circling(graph)).toEqual([]);
});

test.each(["src/shared", "src/engine", "src/engine/model", "src/extension", "src/cli", "webview"])(
  "the rooms of %s stand on each other, in no circle",
  (house) => {
    const roomOf = (file: string): string => file.slice(house.length + 1).split("/")[0]!;
    const rooms = new Map<string, string[]>();
    for (const [file, targets] of importGraph()) {
      if (!file.startsWith(`${house}/`)) continue;
      const room = roomOf(file);
      const others = targets.filter((target) => target.startsWith(`${house}/`)).map(roomOf);
      rooms.set(room, [...(rooms.get(room) ?? []), ...others.filter((other) => other !== room)]);
    }
    expect(rooms.size).toBeGreaterThan(3);
    expect(circling(rooms)).toEqual([]);
  },
);

describe("tests", () => {
  const filesBelow = (folder: string): string[] =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => path.posix.join(folder, name.replaceAll(path.sep, "/")));

  test("stand in the room of what they test", () => {
    const rooms = filesBelow("test/unit").map((file) => path.posix.dirname(file).slice("test/unit/".length));
    const lost = rooms.filter(
      (room) =>
        !["", "docs", "repository", "support"].includes(room) && !fs.existsSync(path.join(ROOT, "src", room)),
    );
    expect(lost).toEqual([]);
  });

  test("share helpers through test/support alone", () => {
    const kinds = ["unit", "golden", "webview", "e2e", "bench"];
    const crossing = kinds.flatMap((kind) =>
      filesBelow(`test/${kind}`).flatMap((file) =>
        [...fs.readFileSync(path.join(ROOT, file), "utf8").matchAll(/from "(\.[^"]+)"/g)]
          .map(([, specifier]) => path.posix.join(path.posix.dirname(file), specifier!))
          .filter((target) => kinds.some((other) => other !== kind && target.startsWith(`test/${other}/`)))
          .map((target) => `${file} -> ${target}`),
      ),
    );
    expect(crossing).toEqual([]);
    const helpers = ["unit", "golden"].flatMap((kind) => filesBelow(`test/${kind}`));
    expect(helpers.filter((file) => !file.endsWith(".test.ts"))).toEqual([]);
  });
});
