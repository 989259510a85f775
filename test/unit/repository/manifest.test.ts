/** The manifest against the code: what is declared exists, and what exists is declared. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { registerCommands } from "../../../src/extension/commands/register.ts";
import { createContextKeys } from "../../../src/extension/context-keys.ts";
import { RESTRICTED_SETTINGS } from "../../../src/extension/settings.ts";
import { InterventionStore } from "../../../src/extension/interventions/intervention-store.ts";
import type { VsCode } from "../../../src/extension/vs.ts";
import { VERSION } from "../../../src/shared/version.ts";
import { localizedManifest } from "../../support/localized-manifest.ts";
import {
  COLOR_IDS,
  COMMAND_IDS,
  CONTEXT_KEYS,
  COMPARISON_EDITOR_ID,
  PANEL_VIEW_ID,
  SESSION_EDITOR_ID,
  SESSIONS_VIEW_ID,
  SETTING_KEYS,
  SETTING_SECTION,
} from "../../../src/extension/ids.ts";

interface MenuItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
}

interface Manifest {
  readonly version: string;
  readonly main: string;
  readonly engines: { readonly vscode: string; readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly activationEvents?: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations?: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly {
      command: string;
      title: string;
      category: string;
      enablement?: string;
      icon?: string;
    }[];
    readonly keybindings: readonly { command: string; key: string; mac?: string; when?: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly viewsWelcome: readonly { view: string; contents: string; when?: string }[];
    readonly submenus?: readonly { id: string }[];
    readonly views: Readonly<Record<string, readonly { id: string; type?: string; icon?: string }[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly { id: string; icon: string }[]>>;
    readonly colors: readonly { id: string; defaults: Readonly<Record<string, string>> }[];
    readonly configuration: readonly {
      properties: Readonly<
        Record<
          string,
          {
            default: unknown;
            scope?: string;
            description?: string;
            markdownDescription?: string;
            enum?: readonly unknown[];
            enumDescriptions?: readonly string[];
            markdownEnumDescriptions?: readonly string[];
          }
        >
      >;
    }[];
  };
}

const root = path.resolve(import.meta.dirname, "../../..");
const manifest = localizedManifest() as Manifest;
const { contributes } = manifest;
const sources = fs
  .readdirSync(path.join(root, "src/extension"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, text: fs.readFileSync(path.join(root, "src/extension", name), "utf8") }));
const code = sources.map(({ text }) => text).join("\n");

/** Names in `ids.ts` that other files use as `<object>.<name>` within a piece of code that `pattern` finds. */
function used(object: string, names: readonly string[]): string[] {
  return names.filter((name) => new RegExp(`\\b${object}\\.${name}\\b`).test(code));
}

describe("commands", () => {
  const declared = contributes.commands.map(({ command }) => command).sort();

  it("are declared as the code names them", () => {
    expect(declared).toEqual(Object.values(COMMAND_IDS).sort());
  });

  it("are each registered, in one place", () => {
    expect(sources.filter(({ text }) => text.includes("commands.registerCommand("))).toHaveLength(1);
    const registered: string[] = [];
    const vs = {
      commands: { registerCommand: (id: string) => registered.push(id) },
    } as unknown as VsCode;
    registerCommands(vs, () => Promise.resolve());
    expect(registered.sort()).toEqual(declared);
  });

  it("have titles in Title Case under one category", () => {
    for (const { title, category } of contributes.commands) {
      expect(category).toBe("State Swap");
      expect(title, title).toMatch(/^[A-Z]/);
      expect(title).not.toContain("...");
    }
  });

  it("in menus and keys exist", () => {
    const items = Object.values(contributes.menus).flat();
    const named = [
      ...items.flatMap(({ command }) => command ?? []),
      ...contributes.keybindings.map(({ command }) => command),
    ];
    for (const command of named) expect(declared).toContain(command);
    const submenus = (contributes.submenus ?? []).map(({ id }) => id);
    for (const { submenu } of items) if (submenu !== undefined) expect(submenus).toContain(submenu);
  });

  it("have keys that only hold where they mean something", () => {
    for (const { command, when } of contributes.keybindings) expect(when, command).toBeTruthy();
    const keys = contributes.keybindings.map(({ key, when }) => `${key} ${when ?? ""}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("context keys", () => {
  const others: readonly string[] = [
    ...[PANEL_VIEW_ID, SESSIONS_VIEW_ID, SESSION_EDITOR_ID, COMPARISON_EDITOR_ID],
    ...Object.values(COMMAND_IDS),
  ];
  const asked = [
    ...contributes.viewsWelcome.map(({ when }) => when ?? ""),
    ...Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when ?? "")),
    ...contributes.keybindings.map(({ when }) => when ?? ""),
    ...contributes.commands.map(({ enablement }) => enablement ?? ""),
  ]
    .flatMap((when) => when.match(/stateSwap\.\w+/g) ?? [])
    .filter((name) => !others.includes(name));

  it("of when clauses are set by the code", () => {
    expect(asked.length).toBeGreaterThan(0);
    for (const name of asked) expect(Object.values(CONTEXT_KEYS)).toContain(name);
    const set = new Map<string, unknown>();
    const executeCommand = (command: string, key: string, value: unknown): void => {
      if (command === "setContext") set.set(key, value);
    };
    const vs = { commands: { executeCommand } } as unknown as VsCode;
    const store = new InterventionStore();
    createContextKeys({ vs, store });
    expect([...set.keys()].sort()).toEqual(Object.values(CONTEXT_KEYS).sort());
    expect([...set.values()]).toEqual([...set.keys()].map(() => false));
    store.set({ work: { label: "Sweep", done: 0, total: 1, startedAt: 0, expectedMs: null } });
    expect(set.get(CONTEXT_KEYS.isRunning)).toBe(true);
  });

  it("that the code sets are asked for somewhere", () => {
    expect([...new Set(asked)].sort()).toEqual(Object.values(CONTEXT_KEYS).sort());
  });
});

describe("settings", () => {
  const properties = Object.assign(
    {},
    ...contributes.configuration.map(({ properties: own }) => own),
  ) as Manifest["contributes"]["configuration"][number]["properties"];

  it("are declared as the code names them, and each is read", () => {
    const named = Object.values(SETTING_KEYS).map((key) => `${SETTING_SECTION}.${key}`);
    expect(Object.keys(properties).sort()).toEqual(named.sort());
    expect(used("SETTING_KEYS", Object.keys(SETTING_KEYS))).toEqual(Object.keys(SETTING_KEYS));
  });

  it("have a default and a description", () => {
    for (const [name, property] of Object.entries(properties)) {
      expect(property.default, name).toBeDefined();
      expect(property.description ?? property.markdownDescription, name).toBeTruthy();
    }
  });

  it("that choose files and programs cannot come from a workspace that is not trusted", () => {
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations ?? [];
    for (const key of RESTRICTED_SETTINGS) {
      const name = `${SETTING_SECTION}.${key}`;
      const isTheUsers = ["application", "machine"].includes(properties[name]?.scope ?? "");
      if (!isTheUsers) expect(restricted, name).toContain(name);
    }
    for (const name of restricted) {
      expect(RESTRICTED_SETTINGS, name).toContain(name.slice(SETTING_SECTION.length + 1));
    }
  });

  it("have a scope, and enumerations say what each value does", () => {
    for (const [name, { scope, ...property }] of Object.entries(properties)) {
      expect(["application", "machine", "machine-overridable", "window", "resource"], name).toContain(scope);
      const said = property.enumDescriptions ?? property.markdownEnumDescriptions ?? [];
      expect(said, name).toHaveLength(property.enum?.length ?? 0);
    }
  });
});

describe("the rest of the manifest", () => {
  it("names the views and the colours that the code uses", () => {
    expect(
      Object.values(contributes.views)
        .flat()
        .map(({ id }) => id),
    ).toEqual([PANEL_VIEW_ID, SESSIONS_VIEW_ID]);
    expect(contributes.colors.map(({ id }) => id).sort()).toEqual(Object.values(COLOR_IDS).sort());
    for (const { defaults } of contributes.colors) {
      expect(Object.keys(defaults).sort()).toEqual(["dark", "highContrast", "highContrastLight", "light"]);
    }
  });

  it("names files that exist", () => {
    const icons = [
      ...Object.values(contributes.viewsContainers)
        .flat()
        .map(({ icon }) => icon),
      ...Object.values(contributes.views)
        .flat()
        .flatMap(({ icon }) => icon ?? []),
    ].filter((icon) => !icon.startsWith("$("));
    for (const icon of icons) expect(fs.existsSync(path.join(root, icon)), icon).toBe(true);
    expect(path.normalize(manifest.main)).toBe(path.normalize("dist/extension.cjs"));
  });

  it("activates by use only", () => {
    expect(
      (manifest.activationEvents ?? []).filter((event) => event === "*" || event === "onStartupFinished"),
    ).toEqual([]);
  });

  it("is of one version with the code, and of one VS Code with its types", () => {
    expect(manifest.version).toBe(VERSION);
    const minor = (range: string | undefined): string | undefined => /(\d+\.\d+)/.exec(range ?? "")?.[1];
    expect(minor(manifest.engines.vscode)).toBe(minor(manifest.devDependencies["@types/vscode"]));
    expect(manifest.dependencies["onnxruntime-node"]).toBe("1.30.0");
  });
});
