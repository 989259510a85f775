/** Session files on disk: names, whole or not at all, never over what cannot be read or is another program's. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  numberedName,
  sessionBaseName,
  withoutEnding,
} from "../../../../src/extension/sessions/file-names.ts";
import { KeptFiles } from "../../../../src/extension/sessions/kept-files.ts";
import { readText } from "../../../../src/extension/files.ts";
import { overwriteFile, writeNewFile } from "../../../../src/extension/sessions/write-file.ts";
import { sessionsFolder } from "../../../../src/extension/settings.ts";
import type { VsCode } from "../../../../src/extension/vs.ts";
import type { Uri } from "vscode";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "swap-sessions-"));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

/** The part of the editor that writing files uses, on the real disk. */
const vs = {
  Uri: {
    joinPath: (uri: Uri, ...parts: string[]) => uriOf(path.join(uri.fsPath, ...parts)),
  },
  workspace: {
    fs: {
      createDirectory: (uri: Uri) => fs.promises.mkdir(uri.fsPath, { recursive: true }),
      stat: (uri: Uri) => fs.promises.stat(uri.fsPath),
      readFile: (uri: Uri) => fs.promises.readFile(uri.fsPath),
    },
  },
} as unknown as VsCode;

function uriOf(file: string): Uri {
  return { scheme: "file", fsPath: file, path: file } as unknown as Uri;
}

function at(name: string): Uri {
  return uriOf(path.join(folder, name));
}

describe("a session's file name", () => {
  it.each([
    [{ target: " France", source: " Italy", kind: "swap" }, "france-italy-swap"],
    [{ target: "", source: "", kind: "skip-attention" }, "skip-attention"],
    [{ target: " Côte d’Ivoire", source: "日本", kind: "swap" }, "côte-d-ivoire-日本-swap"],
    [{ target: "../../etc", source: "C:\\x", kind: "swap" }, "etc-c-x-swap"],
    [{ target: "⏎\n", source: "…", kind: "zero" }, "zero"],
  ])("of %j is %s", (parts, name) => {
    expect(sessionBaseName(parts)).toBe(name);
  });

  it("stays short, keeps the condition, and cuts no character in two", () => {
    const name = sessionBaseName({ target: "𝒳".repeat(80), source: "Italy", kind: "swap" });
    expect(name.length).toBeLessThanOrEqual(60);
    expect(name).toMatch(/-swap$/);
    expect(name).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  });

  it("is none that Windows keeps for devices", () => {
    expect(sessionBaseName({ target: "", source: "", kind: "con" })).toBe("session-con");
  });

  it("gets a number where it is taken", () => {
    expect([1, 2].map((n) => numberedName("a", n))).toEqual(["a.swap.json", "a-2.swap.json"]);
    expect(withoutEnding("a-2.swap.json")).toBe("a-2");
  });
});

describe("a new file", () => {
  it("takes the next number and never another's name, also when two write at once", async () => {
    fs.writeFileSync(path.join(folder, "a.swap.json"), "theirs");
    const written = await Promise.all(
      ["1", "2", "3"].map((text) => writeNewFile(vs, uriOf(folder), (n) => numberedName("a", n), text)),
    );
    expect(new Set(written.map((uri) => uri.fsPath)).size).toBe(3);
    expect(fs.readFileSync(path.join(folder, "a.swap.json"), "utf8")).toBe("theirs");
    expect(fs.readdirSync(folder).sort()).toEqual([
      "a-2.swap.json",
      "a-3.swap.json",
      "a-4.swap.json",
      "a.swap.json",
    ]);
    const texts = written.map((uri) => fs.readFileSync(uri.fsPath, "utf8")).sort();
    expect(texts).toEqual(["1", "2", "3"]);
  });

  it("makes its folder", async () => {
    const uri = await writeNewFile(vs, at("deep/er"), (n) => numberedName("a", n), "x");
    expect(await readText(vs, uri)).toBe("x");
  });
});

describe("a file that is written over", () => {
  it("is replaced whole, keeps its mode, and leaves nothing beside it", async () => {
    fs.writeFileSync(at("a.swap.json").fsPath, "old", { mode: 0o640 });
    const { mode } = fs.statSync(at("a.swap.json").fsPath);
    await overwriteFile(vs, at("a.swap.json"), "new");
    expect(fs.readFileSync(at("a.swap.json").fsPath, "utf8")).toBe("new");
    expect(fs.statSync(at("a.swap.json").fsPath).mode).toBe(mode);
    expect(fs.readdirSync(folder)).toEqual(["a.swap.json"]);
  });

  it("stays a link where it was one", async () => {
    fs.writeFileSync(at("real.json").fsPath, "old");
    fs.symlinkSync("real.json", at("link.swap.json").fsPath);
    await overwriteFile(vs, at("link.swap.json"), "new");
    expect(fs.lstatSync(at("link.swap.json").fsPath).isSymbolicLink()).toBe(true);
    expect(fs.readFileSync(at("real.json").fsPath, "utf8")).toBe("new");
  });

  it("stays as it was when writing fails, with a message that says so", async () => {
    fs.mkdirSync(at("a.swap.json").fsPath);
    await expect(overwriteFile(vs, at("a.swap.json"), "new")).rejects.toMatchObject({ code: "write-failed" });
    expect(fs.readdirSync(folder)).toEqual(["a.swap.json"]);
  });

  it("is null where there is none", async () => {
    expect(await readText(vs, at("none"))).toBeNull();
  });
});

describe("the session folder of the settings", () => {
  const folderOf = (value: unknown): string[] => sessionsFolder({ get: () => value });
  it.each([
    ["sessions", ["sessions"]],
    ["a/b\\c", ["a", "b", "c"]],
    ["./x", ["x"]],
    [".", []],
    ["", ["sessions"]],
    [7, ["sessions"]],
    ["../elsewhere", ["sessions"]],
    ["/etc", ["sessions"]],
    ["C:\\x", ["sessions"]],
  ])("%j is %j below the workspace folder", (value, segments) => {
    expect(folderOf(value)).toEqual(segments);
  });
});

describe("kept results on disk", () => {
  it("that cannot be read are told and left alone", async () => {
    const files = new KeptFiles(folder);
    fs.writeFileSync(path.join(folder, "x.kept.json"), '{"format":');
    const told: string[] = [];
    expect(await files.read((name) => told.push(name), 0)).toEqual([]);
    expect(told).toEqual(["x.kept.json"]);
    expect(fs.readdirSync(folder)).toEqual(["x.kept.json"]);
  });

  it("of a folder that is not there yet are none", async () => {
    expect(await new KeptFiles(path.join(folder, "none")).read(() => undefined, 0)).toEqual([]);
  });
});
