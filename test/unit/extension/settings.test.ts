/** Settings: what a workspace that is not trusted may say, and the page that documents all of them. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { SETTING_KEYS } from "../../../src/extension/ids.ts";
import { localizedManifest } from "../../support/localized-manifest.ts";
import type { SettingsSource } from "../../../src/extension/settings.ts";
import { readSettings, RESTRICTED_SETTINGS, restrictedValue } from "../../../src/extension/settings.ts";

interface Property {
  readonly type: string;
  readonly default: unknown;
  readonly scope: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
  readonly markdownDescription: string;
}

const root = path.resolve(import.meta.dirname, "../../..");
const read = (name: string): string => fs.readFileSync(path.join(root, name), "utf8");
const { contributes } = localizedManifest() as {
  contributes: {
    configuration: readonly { title: string; properties: Readonly<Record<string, Property>> }[];
  };
};
const properties = Object.entries(
  Object.assign({}, ...contributes.configuration.map((group) => group.properties)) as Readonly<
    Record<string, Property>
  >,
);

/** A configuration of the user's values under a workspace's, as VS Code merges them. */
function source(
  user: Readonly<Record<string, unknown>>,
  workspace: Readonly<Record<string, unknown>>,
): SettingsSource {
  const get = (key: string): unknown => workspace[key] ?? user[key];
  const inspect = (key: string): unknown => ({ key, globalValue: user[key], workspaceValue: workspace[key] });
  return { get, inspect } as SettingsSource;
}

describe("in a workspace that is not trusted", () => {
  const evil = {
    model: "./evil.gguf",
    nodePath: "./evil",
    modelFolders: ["./evil"],
    "sessions.folder": "../evil",
    "inline.maxLength": 40,
  };
  const users = { nodePath: "/opt/node", modelFolders: ["~/models"], "inline.maxLength": 80 };

  it("files and programs are the user's own, and other settings the workspace's", () => {
    const settings = readSettings(source(users, evil), false);
    expect(settings).toMatchObject({
      model: "",
      nodePath: "/opt/node",
      modelFolders: ["~/models"],
      inlineMaxLength: 40,
    });
    for (const key of RESTRICTED_SETTINGS) {
      expect(String(restrictedValue(source(users, evil), key, false)), key).not.toContain("evil");
    }
  });

  it("and once it is trusted they are the workspace's", () => {
    const settings = readSettings(source(users, evil), true);
    expect(settings).toMatchObject({ model: "./evil.gguf", nodePath: "./evil", modelFolders: ["./evil"] });
  });
});

describe("defaults", () => {
  it("of the code are those of the manifest", () => {
    const declared = Object.fromEntries(
      properties.map(([name, property]) => [name.replace(/^stateSwap\./, ""), property.default]),
    );
    expect(readSettings(source(declared, {}), true)).toEqual(readSettings(source({}, {}), true));
  });
});

/** Emphasis is written with either sign; what is compared has one. */
function plain(markdown: string): string {
  return markdown.replaceAll("*", "_");
}

/** Rows of the tables in the page, cells trimmed, heads and rules left out. */
function tableRows(markdown: string): string[][] {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("| `stateSwap."))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("\\|", "|")),
    );
}

describe("docs/settings.md", () => {
  const page = plain(read("docs/settings.md"));

  it("lists every setting as the manifest declares it, in its order", () => {
    const expected = properties.map(([name, property]) => [
      `\`${name}\``,
      `\`${JSON.stringify(property.default)}\``,
      property.scope,
      plain(property.markdownDescription),
    ]);
    expect(tableRows(page)).toEqual(expected);
  });

  it("says what each value of an enumeration does", () => {
    for (const [name, property] of properties) {
      const said = property.enumDescriptions ?? property.markdownEnumDescriptions ?? [];
      property.enum?.forEach((value, i) => {
        expect(page, name).toContain(`- \`${value}\`: ${plain(said[i]!)}`);
      });
    }
  });

  it("names no setting that does not exist", () => {
    const known = Object.values(SETTING_KEYS).map((key) => `stateSwap.${key}`);
    for (const [named] of page.matchAll(/stateSwap\.[\w.]*\w/g)) expect(known).toContain(named);
  });
});
