/** Where less is allowed: a folder that is not trusted, and a virtual workspace. The embedded model runs in both. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { inlineText } from "./marks.ts";
import type { Session } from "./session.ts";
import { engineProcesses, startSession } from "./session.ts";

const targetLine = 6;
const flipText = /^flip \d+\/12 {2}◆“Rome” .*← ◆Italy$/;

describe.skipIf(inject("e2e").skip !== null)("a folder that is not trusted", () => {
  let session: Session;

  beforeAll(async () => {
    session = await startSession({
      name: "untrusted",
      asksForTrust: true,
      settings: {
        "security.workspace.trust.enabled": true,
        "security.workspace.trust.startupPrompt": "never",
        "security.workspace.trust.banner": "never",
      },
    });
    session.workbench.configure({
      "stateSwap.model": "./evil.gguf",
      "stateSwap.nodePath": "./evil-node",
      "stateSwap.inline.style": "short",
    });
    // Only now do the folder's settings stand there from the start.
    await session.workbench.open(session.server.url);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  it("has the embedded model, and the panel says why", async () => {
    const { workbench, panel } = session;
    await workbench.run("State Swap: Open Panel");
    await expect.poll(() => panel.text()).toContain("Restricted Mode.");
    expect(await panel.text()).toContain("countries-2m");
    expect((await workbench.statusItems()).join(" ")).toContain("countries-2m");
    await session.shot("panel");
    await workbench.run("State Swap: Select Model…");
    // Until the picker opens, the rows are the palette's.
    await expect
      .poll(async () => (await workbench.quickPickRows()).join(" "))
      .toContain("only the embedded model runs in it");
    await session.page.keyboard.press("Escape");
  });

  it("runs the demo on it, with the editor's own Node, though the folder names another model and another program", async () => {
    const { workbench, page, server } = session;
    await workbench.run("State Swap: Run Demo");
    const untitled = page.locator('.monaco-editor[data-uri^="untitled:"]').last();
    // The folder may say how results look.
    await expect.poll(() => inlineText(untitled, targetLine)).toMatch(/^flip \d+\/12 {2}← ◆Italy$/);
    const [engine] = engineProcesses(server);
    expect(engine).toBeDefined();
    expect(readFileSync(`/proc/${engine!}/cmdline`, "utf8")).not.toContain("evil");
    await session.shot("demo");
  });

  it("takes the folder's model as soon as it is trusted", async () => {
    const { workbench, panel, page } = session;
    await panel.press("Manage Trust…");
    await page.getByRole("button", { name: "Trust", exact: true }).first().click();
    await expect.poll(async () => (await workbench.statusItems()).join(" ")).toContain("evil");
    await workbench.run("State Swap: Open Panel");
    await expect.poll(() => panel.text()).not.toContain("Restricted Mode.");
    await session.shot("trusted");
  });
});

describe.skipIf(inject("e2e").skip !== null)("a virtual workspace", () => {
  let session: Session;
  const file = "virtual.txt";

  beforeAll(async () => {
    session = await startSession({
      name: "virtual",
      extensions: [join(import.meta.dirname, "memory-files")],
      settings: { "stateSwap.model": "/models/another.gguf" },
    });
    const { server, workbench } = session;
    const workspace = join(server.folder, "virtual.code-workspace");
    writeFileSync(workspace, JSON.stringify({ folders: [{ uri: "memory-files:/", name: "memory" }] }));
    const url = new URL("/", server.url);
    url.searchParams.set("workspace", workspace);
    await workbench.open(url.href);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  it("gives its prompts through the editor: copy, swap, read", async () => {
    const { workbench, page } = session;
    await page.locator(".explorer-viewlet [role=treeitem]", { hasText: file }).dblclick();
    await workbench.editor(file).locator(".view-line").first().waitFor();
    await select("Italy");
    await workbench.run("State Swap: Copy State");
    await expect.poll(() => inlineText(workbench.editor(file), 1)).toContain("state copied");
    await select("France");
    await workbench.run("State Swap: Swap State Here");
    await expect.poll(() => inlineText(workbench.editor(file), targetLine)).toMatch(flipText);
    await session.shot("swapped");
  });

  /** Selects a word by a double click; the file is not on disk, so its text cannot be looked up. */
  const select = async (word: string): Promise<void> => {
    const box = await session.workbench.boxOf(file, { text: word });
    await session.page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2);
    await expect
      .poll(() => session.page.locator("#status\\.editor\\.selection").innerText())
      .toContain(`(${word.length} selected)`);
  };

  it("says where sessions will stand, and saves one into the virtual folder", async () => {
    const { workbench, page } = session;
    await workbench.run("State Swap: Open Panel");
    await page.locator(".pane-header", { hasText: "Sessions" }).click();
    const pane = page.locator(".pane", { hasText: "No sessions yet." }).last();
    await pane.waitFor();
    await session.shot("no-sessions");
    await pane.getByRole("button", { name: "Save Session" }).click();
    await workbench.run("View: Show Explorer");
    const entry = (name: string) => page.locator(".explorer-viewlet [role=treeitem]", { hasText: name });
    if (!(await entry("france-italy-swap.swap.json").isVisible())) await entry("sessions").first().click();
    await entry("france-italy-swap.swap.json").waitFor();
    await session.shot("saved");
    await workbench.run("State Swap: Open Panel");
    await page.locator(".pane [role=treeitem]", { hasText: "france-italy" }).waitFor();
    await session.shot("listed");
  });

  it("runs the embedded model alone, though the user's settings name another; the model picker says so and offers no other", async () => {
    const { workbench, page } = session;
    expect((await workbench.statusItems()).join(" ")).toContain("countries-2m");
    await workbench.run("State Swap: Select Model…");
    await page.getByPlaceholder("This workspace is virtual: only the embedded model runs in it.").waitFor();
    expect(await workbench.quickPickRows()).toEqual([expect.stringContaining("Embedded Model")]);
    await session.shot("picker");
    await page.keyboard.press("Escape");
  });

  it("runs the demo", async () => {
    const { workbench, page } = session;
    await workbench.run("State Swap: Run Demo");
    const untitled = page.locator('.monaco-editor[data-uri^="untitled:"]').last();
    await expect.poll(() => inlineText(untitled, targetLine)).toMatch(flipText);
    await session.shot("demo");
  });
});
