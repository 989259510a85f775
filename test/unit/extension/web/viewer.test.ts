/** The bundle for editors without processes, in a world that has what a browser's worker has: no `process`, no `Buffer`, no Node. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vm from "node:vm";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { COMMAND_IDS } from "../../../../src/extension/ids.ts";
import type { SessionView } from "../../../../src/shared/protocol/session-page.ts";
import { serializeSession } from "../../../../src/shared/session/serialize.ts";
import { DEMO_SESSION } from "../../../support/session/session-of-results.ts";

const root = join(import.meta.dirname, "../../../..");
const nothing = { dispose: () => undefined };
/** All that a worker of a browser gives the bundle. */
const browser = { TextEncoder, TextDecoder, crypto, atob, btoa, setTimeout, clearTimeout, URL, console };

class Uri {
  readonly scheme = "vscode-vfs";
  constructor(readonly path: string) {}
  static joinPath({ path }: Uri, ...parts: readonly string[]): Uri {
    return new Uri(join(path, ...parts));
  }
  toString(): string {
    return `${this.scheme}:${this.path}`;
  }
}

const stored = new Uri("/repo/sessions/france.swap.json");
/** The files of the editor's virtual file systems, and what was written there. */
const files = new Map<string, Uint8Array>([
  [stored.path, new TextEncoder().encode(serializeSession(DEMO_SESSION))],
  ["/ext/media/demo.swap.json", readFileSync(join(root, "media/demo.swap.json"))],
]);
const commands = new Map<string, (...given: unknown[]) => Promise<void>>();
const errors: string[] = [];
const picks: string[] = [];
let sessionEditor: { resolveCustomTextEditor: (document: unknown, panel: unknown) => void };
let panelView: { resolveWebviewView: (view: unknown) => void };

const vs = {
  Uri,
  EventEmitter: class {
    readonly event = (): typeof nothing => nothing;
  },
  ProgressLocation: { Window: 10 },
  env: { language: "en", remoteName: undefined },
  l10n: { bundle: undefined },
  commands: {
    registerCommand: (id: string, run: (...given: unknown[]) => Promise<void>) => {
      commands.set(id, run);
      return nothing;
    },
    executeCommand: () => Promise.resolve(),
  },
  window: {
    createOutputChannel: () => ({ ...nothing, error: () => undefined, warn: () => undefined }),
    registerCustomEditorProvider: (_: string, provider: typeof sessionEditor) => {
      sessionEditor = provider;
      return nothing;
    },
    registerWebviewViewProvider: (_: string, provider: typeof panelView) => {
      panelView = provider;
      return nothing;
    },
    registerWebviewPanelSerializer: () => nothing,
    createTreeView: () => ({ ...nothing, onDidChangeVisibility: () => nothing }),
    showErrorMessage: (text: string) => {
      errors.push(text);
      return Promise.resolve(undefined);
    },
    showInformationMessage: () => Promise.resolve(undefined),
    showQuickPick: (items: readonly { readonly label: string }[]) => Promise.resolve(items.find(pickNext)),
    showSaveDialog: ({ defaultUri }: { readonly defaultUri: Uri }) => Promise.resolve(defaultUri),
    withProgress: (_: unknown, work: () => Promise<unknown>) => work(),
  },
  workspace: {
    onDidChangeTextDocument: () => nothing,
    asRelativePath: ({ path }: Uri) => path,
    fs: {
      stat: ({ path }: Uri) =>
        [...files.keys()].some((file) => `${file}/`.startsWith(`${path}/`))
          ? Promise.resolve({})
          : Promise.reject(new Error("none")),
      readFile: ({ path }: Uri) => Promise.resolve(files.get(path)),
      writeFile: ({ path }: Uri, content: Uint8Array) => {
        files.set(path, content);
        return Promise.resolve();
      },
    },
  },
};
function pickNext({ label }: { readonly label: string }): boolean {
  if (!label.includes(picks[0]!)) return false;
  picks.shift();
  return true;
}

/** A page as the editor gives one; `ask` sends what a page says and gives what it is sent. */
function page(): {
  readonly webview: object;
  readonly ask: (intent: object) => Promise<SessionView>;
  readonly html: string;
} {
  let tell: (intent: object) => void = () => undefined;
  let got: (view: SessionView) => void = () => undefined;
  const webview = {
    html: "",
    options: {},
    cspSource: "https://pages.test",
    asWebviewUri: ({ path }: Uri) => `https://pages.test${path}`,
    onDidReceiveMessage: (listener: (intent: object) => void) => {
      const before = tell;
      tell = (intent) => {
        before(intent);
        listener(intent);
      };
      return nothing;
    },
    postMessage: ({ view }: { readonly view: SessionView }) => {
      got(view);
      return Promise.resolve(true);
    },
  };
  return {
    webview,
    ask: (intent) =>
      new Promise((resolve) => {
        got = resolve;
        tell(intent);
      }),
    get html() {
      return webview.html;
    },
  };
}

beforeAll(async () => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/extension/web/main.ts"],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "browser",
    target: "es2022",
    external: ["vscode"],
    logLevel: "silent",
  });
  for (const name of ["export.js", "export.css"])
    files.set(`/ext/dist/${name}`, new TextEncoder().encode("/**/"));
  const module = { exports: {} as { activate: (context: object) => void } };
  const require = (name: string): object => {
    if (name === "vscode") return vs;
    throw new Error(`${name} is not there in a browser`);
  };
  vm.runInNewContext(outputFiles[0]!.text, { ...browser, module, exports: module.exports, require });
  module.exports.activate({ extensionUri: new Uri("/ext"), subscriptions: [] });
});

describe("an editor without processes", () => {
  it("answers every command that needs a model in words", async () => {
    expect([...commands.keys()].sort()).toEqual(Object.values(COMMAND_IDS).sort());
    for (const id of [COMMAND_IDS.runDemo, COMMAND_IDS.swapStateHere, COMMAND_IDS.runSessionAgain]) {
      errors.length = 0;
      await commands.get(id)!();
      expect(errors).toEqual([expect.stringMatching(/No model can run here: .*on the desktop/)]);
    }
  });

  it("shows a session file as every editor does", async () => {
    const shown = page();
    const text = new TextDecoder().decode(files.get(stored.path));
    const document = { uri: stored, getText: () => text };
    sessionEditor.resolveCustomTextEditor(document, {
      webview: shown.webview,
      onDidDispose: () => nothing,
    });
    expect(shown.html).toContain("https://pages.test/ext/dist/webview.js");
    const view = await shown.ask({ type: "ready" });
    expect(view.damage).toBeNull();
    expect(view.file).toBe("france.swap.json");
    expect(view.panel?.sweep?.rows.length).toBe(DEMO_SESSION.sweep!.rows.length);
  });

  it("shows the demo in the panel, below the sentence", async () => {
    const { webview, ask } = page();
    panelView.resolveWebviewView({ webview });
    const view = await ask({ type: "ready" });
    expect(view.panel?.sweep).not.toBeNull();
    expect(view.error?.message).toMatch(/No model can run/);
    const read = await ask({ type: "command", command: "dismissResult" });
    expect(read).toEqual({ ...view, error: null });
  });

  it.each([
    ["CSV", "Sweep", "france-sweep.csv", /^k,/],
    ["SVG", "Strip, print", "france-strip-print.svg", /^<svg /],
    ["HTML", "", "france.html", /script-src 'sha256-[\w+/]{43}='/],
    ["Markdown", "", "france.md", /flips at/],
  ])("exports %s, %s", async (format, part, name, content) => {
    errors.length = 0;
    picks.splice(0, picks.length, format, part);
    await commands.get(COMMAND_IDS.exportSession)!(stored);
    expect(errors).toEqual([]);
    expect(new TextDecoder().decode(files.get(`/repo/sessions/${name}`))).toMatch(content);
  });
});
