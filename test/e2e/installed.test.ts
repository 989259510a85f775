/**
 * The packed extension, installed from its file as users do: for this machine, and the universal one, which has WebAssembly
 * alone. The main path in a folder with a blank and letters beyond ASCII, offline, with no package of Node's anywhere near.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { parseSession } from "../../src/shared/session/parse.ts";
import { packVsix } from "../../tools/package.mjs";
import { targetHere } from "../../tools/stage.mjs";
import { inlineText, inlineTexts } from "./marks.ts";
import { Panel } from "./panel.ts";
import type { Session } from "./session.ts";
import { startSession } from "./session.ts";

const file = "capitals.txt";
const targetLine = 6;
const workspace = "Arbeits fläche é";

describe.skipIf(inject("e2e").skip !== null).each([
  { target: targetHere(), runtime: "native" },
  { target: "universal" as const, runtime: "wasm" },
])("installed for $target", ({ target, runtime }) => {
  let session: Session;
  let packages = "";
  let before: Readonly<Record<string, string>>;
  const inline = (): Promise<string> => inlineText(session.workbench.editor(file), targetLine);

  beforeAll(async () => {
    packages = mkdtempSync(join(tmpdir(), "state-swap-installed-"));
    const vsix = await packVsix(target, packages);
    session = await startSession({ name: `installed-${target}`, vsix, workspace });
    before = contents(extensionFolder(session));
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
    rmSync(packages, { recursive: true, force: true });
  });

  it("stands alone", () => {
    const folders = [extensionFolder(session)];
    while (dirname(folders.at(-1)!) !== folders.at(-1)) folders.push(dirname(folders.at(-1)!));
    expect(folders.map((folder) => join(folder, "node_modules")).filter(existsSync)).toEqual([]);
    expect(existsSync(join(folders[0]!, "dist/native"))).toBe(runtime === "native");
  });

  it("runs the demo", async () => {
    const { workbench, page } = session;
    await workbench.run("State Swap: Run Demo");
    await page.locator(".tab.active", { hasText: "Untitled" }).waitFor();
    const untitled = page.locator('.monaco-editor[data-uri^="untitled:"]').last();
    const said = expect.poll(async () => (await workbench.toasts()).join("\n"));
    if (runtime === "wasm") await said.toContain(`Install the build of State Swap for ${targetHere()}`);
    await expect.poll(() => inlineText(untitled, targetLine)).toContain("flip 8/12");
    await session.shot("demo");
  });

  it("says which runtime it is", async () => {
    const { workbench, page } = session;
    await workbench.run("State Swap: Show Diagnostics");
    const text = page.locator('.monaco-editor[data-uri^="untitled:"] .view-line', {
      hasText: "open on",
    });
    await expect
      .poll(async () => (await text.innerText()).replaceAll("\u00a0", " "))
      .toContain(`open on ${runtime}`);
    await session.shot("diagnostics");
  });

  it("copies a state, swaps it in, and says where the answer flips", async () => {
    const { workbench, panel } = session;
    await workbench.openFile(file);
    await workbench.selectByKeyboard(file, { text: "Italy" });
    await workbench.run("State Swap: Copy State");
    await expect.poll(async () => (await inlineTexts(workbench.editor(file))).length).toBe(1);
    await workbench.selectByKeyboard(file, { text: "France" });
    await workbench.run("State Swap: Swap State Here");
    await expect.poll(inline).toMatch(/^flip 8\/12 {2}◆“Rome” 0–7 {2}★“Paris” 8–11 {2}← ◆Italy$/);
    await expect.poll(() => panel.text()).toContain("Flips at layer 8 of 12");
    await session.shot("swapped");
  });

  it("runs the grid", async () => {
    const frame = await session.panel.runGrid();
    await expect
      .poll(() => frame.locator(".grid-size").innerText())
      .toMatch(/^26 (?:tokens )?× 12(?: layers)?$/);
  });

  it("saves a session, which stands there after a reload", async () => {
    const { workbench, page, server } = session;
    await workbench.focusEditor(file);
    await workbench.run("State Swap: Save Session");
    const folder = join(server.workspace, "sessions");
    await expect.poll(() => (existsSync(folder) ? readdirSync(folder) : [])).toHaveLength(1);
    const [name] = readdirSync(folder);
    const saved = parseSession(readFileSync(join(folder, name!), "utf8"));
    expect(saved.sweep?.rows).toHaveLength(12);
    expect(saved.grid?.columns.every((column) => column !== null)).toBe(true);
    await page.reload();
    await workbench.run("State Swap: Focus on Sessions View");
    await page.locator(".part.sidebar .monaco-list-row", { hasText: "Rome → Paris at 8/12" }).first().click();
    const stored = await new Panel(page, "main.session:not(.comparison)").frame();
    await expect.poll(() => stored.locator("main").innerText()).toContain("Flips at layer 8 of 12");
    await session.shot("reloaded");
  });

  it("wrote nothing into its own folder, and asked no other host", () => {
    expect(contents(extensionFolder(session))).toEqual(before);
    expect(session.outside).toEqual([]);
  });
});

/** Where the editor put the extension. */
function extensionFolder({ server }: Session): string {
  const extensions = join(server.folder, "extensions");
  const name = readdirSync(extensions).find((entry) => entry.startsWith("state-swap.state-swap-"));
  expect(name, "an installed extension").toBeDefined();
  return join(extensions, name!);
}

/** Hash and time of every file of a folder, by name: root writes where users cannot, so a look tells more than a lock. */
function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    names
      .map((name) => [name, join(folder, name)] as const)
      .filter(([, path]) => statSync(path).isFile())
      .map(([name, path]) => {
        const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
        return [name, `${hash} ${statSync(path).mtimeMs}`];
      }),
  );
}
