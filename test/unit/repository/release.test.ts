/** What a release checks and writes: version, changelog and tag, the public address, the bill of materials. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { addressFields, publicAddress } from "../../../tools/public-address.mjs";
import { releaseNotes, releaseProblems } from "../../../tools/release-check.mjs";
import { pruned } from "../../../tools/sbom.mjs";
import { ROOT } from "../../support/pages.ts";

const changelog = "# Changelog\n\n## 1.2.3 (2027-01-31)\n\n- Faster.\n\n## 1.2.2 (2026-12-01)\n\n- First.\n";
const right = { tag: "v1.2.3", version: "1.2.3", changelog, address: "https://example.org/some/one" };

describe("a release", () => {
  it("is let through when tag, version, changelog and address agree, with what changed", () => {
    expect(releaseProblems(right)).toEqual([]);
    expect(releaseNotes(changelog)).toBe("- Faster.\n");
  });

  it.each([
    ["another tag", { tag: "v1.2.4" }, "The tag is v1.2.4 and package.json has version 1.2.3."],
    [
      "another version in the changelog",
      { version: "1.3.0", tag: "v1.3.0" },
      "CHANGELOG.md begins with 1.2.3.",
    ],
    [
      "no date",
      { changelog: changelog.replace("2027-01-31", "unreleased") },
      'CHANGELOG.md calls 1.2.3 "unreleased".',
    ],
    ["no notes", { changelog: changelog.replace("- Faster.\n", "") }, "CHANGELOG.md says nothing of 1.2.3."],
    ["a suffix", { version: "1.2.3-beta", tag: "v1.2.3-beta" }, "package.json has version 1.2.3-beta."],
    ["no address", { address: null }, "STATE_SWAP_REPOSITORY is not set."],
  ])("is refused with %s, and says why", (_, wrong, why) => {
    expect(releaseProblems({ ...right, ...wrong }).join("\n")).toContain(why);
  });

  it("of this repository lacks a date and an address at most", () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
      version: string;
    };
    const ours = fs.readFileSync(path.join(ROOT, "CHANGELOG.md"), "utf8");
    const problems = releaseProblems({ ...right, tag: `v${version}`, version, changelog: ours });
    expect(problems.filter((problem) => !problem.includes("Put the date of the release there"))).toEqual([]);
  });
});

describe("the public address", () => {
  it("is unknown unless it is said, and then in every field that galleries read", () => {
    expect(publicAddress({})).toBeNull();
    expect(addressFields(null)).toEqual({});
    expect(addressFields(publicAddress({ STATE_SWAP_REPOSITORY: "https://example.org/some/one" }))).toEqual({
      repository: { type: "git", url: "https://example.org/some/one.git" },
      homepage: "https://example.org/some/one",
      bugs: { url: "https://example.org/some/one/issues" },
    });
  });

  it.each([
    "some/one",
    "http://example.org/some/one",
    "https://example.org",
    "https://example.org/some/one/",
  ])("is refused as %s", (said) => {
    expect(() => publicAddress({ STATE_SWAP_REPOSITORY: said })).toThrow(
      `STATE_SWAP_REPOSITORY is "${said}"`,
    );
  });
});

describe("the bill of materials", () => {
  const one = (name: string): { "bom-ref": string; name: string; version: string } => ({
    "bom-ref": `${name}@1.0.0`,
    name,
    version: "1.0.0",
  });
  const bom = {
    metadata: { component: one("ours") },
    components: [one("kept"), one("left-out")],
    dependencies: [
      { ref: "ours@1.0.0", dependsOn: ["kept@1.0.0", "left-out@1.0.0"] },
      { ref: "left-out@1.0.0", dependsOn: [] },
    ],
  };
  const shipped = (name: string) => ({
    name,
    version: "1.0.0",
    license: "MIT",
    folder: `node_modules/${name}`,
  });

  it("holds what is shipped, and refers to nothing else", () => {
    expect(pruned(bom, [shipped("kept")])).toEqual({
      metadata: bom.metadata,
      components: [one("kept")],
      dependencies: [{ ref: "ours@1.0.0", dependsOn: ["kept@1.0.0"] }],
    });
  });

  it("is refused when something that is shipped is not in it", () => {
    expect(() => pruned(bom, [shipped("gone")])).toThrow("lacks gone 1.0.0");
  });
});
