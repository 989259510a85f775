/** What the galleries show of the extension: icon, page and pictures, as they take them. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../support/pages.ts";

const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  readonly icon: string;
  readonly keywords: readonly string[];
  readonly pricing: string;
};
const page = fs.readFileSync(path.join(ROOT, "media/marketplace.md"), "utf8");
const shown = [...page.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(([, words, file]) => ({
  words: words!,
  file: file!,
}));

/** Width and height of a PNG file, pixels, from its first chunk. */
function sizeOf(file: string): { width: number; height: number } {
  const bytes = fs.readFileSync(path.join(ROOT, file));
  expect(bytes.subarray(1, 4).toString("latin1"), file).toBe("PNG");
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

describe("the gallery's entry", () => {
  it("has an icon of the size that galleries ask for", () => {
    expect(sizeOf(manifest.icon)).toEqual({ width: 256, height: 256 });
  });

  it("is free, and found by no more words than a gallery takes", () => {
    expect(manifest.pricing).toBe("Free");
    expect(manifest.keywords.length).toBeLessThanOrEqual(30);
    expect([...manifest.keywords].sort()).toEqual(manifest.keywords);
  });
});

describe("the gallery's page", () => {
  it("shows each picture in dark and in light, said in words", () => {
    const names = shown.map(({ file }) => path.posix.basename(file, ".png"));
    for (const name of names)
      expect(names).toContain(name.replace(/dark|light/, (theme) => (theme === "dark" ? "light" : "dark")));
    for (const { words, file } of shown) expect(words, file).not.toBe("");
  });

  it("has pictures that galleries draw, none that it does not show, and small ones", () => {
    const files = shown.map(({ file }) => file).sort();
    const there = fs.readdirSync(path.join(ROOT, "media/gallery")).map((name) => `gallery/${name}`);
    expect(there.sort()).toEqual(files);
    for (const file of files) expect(sizeOf(`media/${file}`).width, file).toBeLessThanOrEqual(1200);
    const bytes = files.map((file) => fs.statSync(path.join(ROOT, "media", file)).size);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(400_000);
  });

  it("says that nothing is sent anywhere", () => {
    expect(page).toMatch(/^No telemetry\b/m);
  });
});
