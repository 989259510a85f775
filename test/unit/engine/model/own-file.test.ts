/** A model's folder gives files of its own and no others: links out of it, pipes and folders are refused before they are read. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { ownFile } from "../../../../src/engine/model/own-file.ts";
import { locateModel } from "../../../../src/engine/model/locate.ts";
import { readTokenizerFiles } from "../../../../src/engine/model/tokenizer/tokenizer-files.ts";
import { temporaryFolder } from "../../../support/cli/cli-support.ts";

const root = fs.realpathSync(temporaryFolder());
let count = 0;
function folder(...parts: string[]): string {
  const made = path.join(root, String(count++), ...parts);
  fs.mkdirSync(made, { recursive: true });
  return made;
}
const refused = (reason: RegExp): unknown =>
  expect.objectContaining({
    code: "unsupported-model",
    message: expect.stringMatching(reason) as string,
  }) as unknown;

describe.skipIf(process.platform === "win32")("a file of a model's folder", () => {
  const secret = path.join(root, "secret");
  fs.writeFileSync(secret, "{}");

  it("is itself, or a link within the folder", () => {
    const own = folder();
    fs.writeFileSync(path.join(own, "real"), "");
    fs.symlinkSync("real", path.join(own, "link"));
    expect(ownFile(own, "real")).toBe(path.join(own, "real"));
    expect(ownFile(own, "link")).toBe(path.join(own, "real"));
    expect(ownFile(own, "none")).toBeNull();
  });

  it("is a blob of its own entry of the hub's cache, and not another's", () => {
    const snapshot = folder("models--a--b", "snapshots", "1", "onnx");
    const entry = path.resolve(snapshot, "../../..");
    fs.mkdirSync(path.join(entry, "blobs"));
    fs.writeFileSync(path.join(entry, "blobs/1"), "");
    fs.symlinkSync("../../../blobs/1", path.join(snapshot, "data"));
    expect(ownFile(snapshot, "data")).toBe(path.join(entry, "blobs/1"));
    const other = path.resolve(entry, "../models--c--d/blobs");
    fs.mkdirSync(other, { recursive: true });
    fs.writeFileSync(path.join(other, "2"), "");
    fs.symlinkSync("../../../../models--c--d/blobs/2", path.join(snapshot, "others"));
    expect(() => ownFile(snapshot, "others")).toThrow(refused(/leads out/));
  });

  it("is not what a link leads to outside, directly, by a folder, or by a folder named like the hub's", () => {
    const own = folder();
    fs.symlinkSync(secret, path.join(own, "direct"));
    fs.symlinkSync(root, path.join(own, "up"));
    expect(() => ownFile(own, "direct")).toThrow(refused(/leads out/));
    expect(() => ownFile(own, "up/secret")).toThrow(refused(/leads out/));
    const snapshots = folder("snapshots", "1");
    fs.symlinkSync(secret, path.join(snapshots, "file"));
    expect(() => ownFile(snapshots, "file")).toThrow(refused(/leads out/));
  });

  it("is what any link leads to where the model itself is such a link, which nobody else can make", () => {
    const [own, real, other] = [folder(), folder(), folder()];
    fs.writeFileSync(path.join(real, "model.onnx"), "");
    fs.writeFileSync(path.join(other, "data"), "");
    fs.symlinkSync(path.join(real, "model.onnx"), path.join(own, "model.onnx"));
    fs.symlinkSync(path.join(other, "data"), path.join(own, "data"));
    expect(ownFile(own, "data", path.join(own, "model.onnx"))).toBe(path.join(other, "data"));
  });

  it("is no pipe, device or folder", () => {
    const own = folder();
    execFileSync("mkfifo", [path.join(own, "pipe")]);
    fs.mkdirSync(path.join(own, "folder"));
    for (const name of ["pipe", "folder"]) {
      expect(() => ownFile(own, name)).toThrow(refused(/not an ordinary file/));
    }
    expect(() => locateModel(path.join(own, "pipe"), null)).toThrow(/not an ordinary file/);
  });

  it("holds for the tokenizer and the chat template, whose text would be shown; a tokenizer that is named may be a link", async () => {
    const own = folder();
    fs.writeFileSync(path.join(own, "tokenizer.json"), "{}");
    fs.symlinkSync(secret, path.join(own, "chat_template.jinja"));
    await expect(readTokenizerFiles(own)).rejects.toThrow(refused(/chat_template\.jinja is a link/));
    const named = folder();
    fs.symlinkSync(secret, path.join(named, "tokenizer.json"));
    await expect(readTokenizerFiles(named)).rejects.toThrow(refused(/leads out/));
    expect(await readTokenizerFiles(path.join(named, "tokenizer.json"))).toMatchObject({ tokenizerJson: {} });
  });
});
