/** A tab with two sessions shows their files as they are: an older reading that ends later is not sent over the newer one. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Uri } from "vscode";
import { expect, it } from "vitest";
import type { Host } from "../../src/extension/host.ts";
import { ComparisonTabs } from "../../src/extension/sessions/comparison-tabs.ts";
import type { SessionMessage } from "../../src/shared/protocol/session-page.ts";
import { root } from "../support/extension-support.ts";

const demo = fs.readFileSync(path.join(root, "media/demo.swap.json"), "utf8");
const nothing = { dispose: () => undefined };

function uriOf(name: string): Uri {
  return { path: name, scheme: "file", toString: () => `file://${name}` } as unknown as Uri;
}

it("sends the view of the newest reading alone", async () => {
  const sent: SessionMessage[] = [];
  const changes: (() => void)[] = [];
  /** Answers to readings of the first file, oldest first. */
  const reading: ((text: string) => void)[] = [];
  const webview = {
    asWebviewUri: (uri: Uri) => uri,
    onDidReceiveMessage: () => nothing,
    postMessage: (message: SessionMessage) => sent.push(message),
  };
  const watched = (change: () => void): typeof nothing => {
    changes.push(change);
    return nothing;
  };
  const vs = {
    ViewColumn: { Active: -1 },
    RelativePattern: Object,
    Uri: { joinPath: (uri: Uri) => uri },
    window: {
      registerWebviewPanelSerializer: () => nothing,
      createWebviewPanel: () => ({ webview, onDidDispose: () => nothing }),
    },
    workspace: {
      createFileSystemWatcher: () => ({
        ...nothing,
        onDidChange: watched,
        onDidCreate: () => nothing,
        onDidDelete: () => nothing,
      }),
      asRelativePath: ({ path: name }: Uri) => name,
      fs: {
        stat: () => Promise.resolve({}),
        readFile: async (uri: Uri) => {
          const text =
            uri.path === "/b.swap.json"
              ? demo
              : await new Promise<string>((resolve) => reading.push(resolve));
          return new TextEncoder().encode(text);
        },
      },
    },
  };
  const context = { extensionUri: uriOf("/extension") };
  const exportPages = { attach: () => undefined };
  const tabs = new ComparisonTabs({ vs, context, exportPages } as unknown as Host);
  await tabs.open(uriOf("/a.swap.json"), uriOf("/b.swap.json"));
  changes[0]!();
  changes[0]!();
  await expect.poll(() => reading.length).toBe(2);
  reading[1]!(demo);
  await expect.poll(() => sent.length).toBe(1);
  reading[0]!("older, and no session");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    type: "comparison",
    view: { sides: [{ damage: null }, { damage: null }] },
  });
  tabs.dispose();
});
