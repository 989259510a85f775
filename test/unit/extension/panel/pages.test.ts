/** One panel in two places: both show the same snapshot, a hidden one gets none, and the tab is there once. */
import { describe, expect, it } from "vitest";
import type { Host } from "../../../../src/extension/host.ts";
import { PANEL_EDITOR_ID, PANEL_VIEW_ID, SECONDARY_CONTAINER_ID } from "../../../../src/extension/ids.ts";
import { movePanel } from "../../../../src/extension/panel/move.ts";
import { PanelPages } from "../../../../src/extension/panel/pages.ts";
import { PanelTab } from "../../../../src/extension/panel/tab.ts";
import type { PanelState } from "../../../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../../../src/shared/protocol/panel-intent.ts";

const STATE = { k: 7 } as unknown as PanelState;

/** A place as the editor makes one; `say` posts as its page does. */
function placeOf() {
  const sent: unknown[] = [];
  const listeners: Record<"message" | "dispose" | "view", (value?: unknown) => void> = {
    message: () => undefined,
    dispose: () => undefined,
    view: () => undefined,
  };
  const place = {
    visible: true,
    reveals: 0,
    iconPath: null as unknown,
    webview: {
      options: {},
      html: "",
      cspSource: "self",
      asWebviewUri: (uri: unknown) => uri,
      onDidReceiveMessage: (listener: (message: unknown) => void) => {
        listeners.message = listener;
      },
      postMessage: (message: unknown) => Promise.resolve(sent.push(message)),
    },
    onDidDispose: (listener: () => void) => {
      listeners.dispose = listener;
    },
    onDidChangeViewState: (listener: () => void) => {
      listeners.view = listener;
    },
    reveal: () => {
      place.reveals++;
    },
  };
  return {
    place: place as typeof place & { webview: never },
    sent,
    say: (message: unknown) => {
      listeners.message(message);
    },
    close: () => {
      listeners.dispose();
    },
    change: () => {
      listeners.view();
    },
  };
}

function pagesOf() {
  const intents: PanelIntent[] = [];
  const warnings: string[] = [];
  const tabs: ReturnType<typeof placeOf>[] = [];
  const created: unknown[] = [];
  let restore: (tab: unknown) => void = () => undefined;
  const host = {
    log: { warn: (text: string) => warnings.push(text) },
    exportPages: { attach: () => undefined },
    context: { extensionUri: "/extension" },
    vs: {
      ViewColumn: { Active: -1 },
      Uri: { joinPath: (...parts: string[]) => parts.join("/") },
      window: {
        createWebviewPanel: (...how: unknown[]) => {
          created.push(how);
          const tab = placeOf();
          tabs.push(tab);
          return tab.place;
        },
        registerWebviewPanelSerializer: (
          id: string,
          { deserializeWebviewPanel }: { deserializeWebviewPanel: (tab: unknown) => void },
        ) => {
          expect(id).toBe(PANEL_EDITOR_ID);
          restore = deserializeWebviewPanel;
          return { dispose: () => undefined };
        },
      },
    },
  } as unknown as Host;
  const pages = new PanelPages(
    host,
    () => STATE,
    (intent) => Promise.resolve(void intents.push(intent)),
  );
  const tab = new PanelTab(host, pages);
  const open = () => {
    tab.open();
    return tabs.at(-1)!;
  };
  return {
    pages,
    open,
    tabs,
    created,
    intents,
    warnings,
    restore: (place: unknown) => {
      restore(place);
    },
  };
}

describe("the panel's pages", () => {
  it("get the same snapshot, where they can be seen and until they are closed", () => {
    const { pages, open } = pagesOf();
    const side = placeOf();
    expect(pages.isSeen).toBe(false);
    pages.add(side.place);
    const tab = open();
    pages.post();
    expect(side.sent).toEqual([{ type: "state", state: STATE }]);
    expect(tab.sent).toEqual(side.sent);
    side.place.visible = false;
    pages.post();
    expect([side.sent.length, tab.sent.length]).toEqual([1, 2]);
    tab.close();
    expect(pages.isSeen).toBe(false);
    pages.post();
    expect(tab.sent).toHaveLength(2);
  });

  it("are both heard; what is no intent is logged and dropped", () => {
    const { pages, open, intents, warnings } = pagesOf();
    const side = placeOf();
    pages.add(side.place);
    side.say({ type: "ready" });
    open().say({ type: "command", command: "cancel" });
    side.say({ type: "nothing of ours" });
    expect(intents).toEqual([{ type: "ready" }, { type: "command", command: "cancel" }]);
    expect(warnings).toHaveLength(1);
  });
});

describe("the panel's tab", () => {
  it("is shown again instead of a second one, and is a new one once it was closed", () => {
    const { open, tabs, created } = pagesOf();
    const first = open();
    open();
    expect(tabs).toHaveLength(1);
    expect(first.place.reveals).toBe(1);
    expect(created).toEqual([[PANEL_EDITOR_ID, "State Swap", -1]]);
    first.close();
    open();
    expect(tabs).toHaveLength(2);
  });

  it("is filled again after a reload, and is the one that is shown then", () => {
    const { open, tabs, pages, restore } = pagesOf();
    const kept = placeOf();
    restore(kept.place);
    pages.post();
    expect(kept.sent).toEqual([{ type: "state", state: STATE }]);
    expect((kept.place.webview as { html: string }).html).toContain('data-view="panel"');
    open();
    expect(tabs).toHaveLength(0);
    expect(kept.place.reveals).toBe(1);
  });

  it("gets a snapshot when it comes back into sight", () => {
    const { open } = pagesOf();
    const tab = open();
    tab.change();
    expect(tab.sent).toHaveLength(1);
  });
});

describe("moving the panel", () => {
  const done = async (version: string): Promise<unknown[]> => {
    const executed: unknown[] = [];
    const executeCommand = (...command: unknown[]): Promise<void> => {
      executed.push(command);
      return Promise.resolve();
    };
    await movePanel({ version, commands: { executeCommand } } as never);
    return executed;
  };

  it("puts the view into its own place in the secondary side bar", async () => {
    const destinationId = `workbench.view.extension.${SECONDARY_CONTAINER_ID}`;
    expect(await done("1.106.0")).toEqual([
      ["vscode.moveViews", { viewIds: [PANEL_VIEW_ID], destinationId }],
      [`${PANEL_VIEW_ID}.focus`],
    ]);
  });

  it.each(["1.90.0", "1.105.1"])("asks where to in %s, which has no such place", async (version) => {
    expect(await done(version)).toEqual([[`${PANEL_VIEW_ID}.focus`], ["workbench.action.moveFocusedView"]]);
  });
});
