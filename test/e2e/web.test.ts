/** The extension in the browser's own worker, as vscode.dev runs it: sessions are shown and exported, and nothing is run. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { Panel } from "./panel.ts";
import type { Session } from "./session.ts";
import { engineProcesses, isActivated, startSession } from "./session.ts";

const stored = "france.swap.json";

describe.skipIf(inject("e2e").skip !== null)("an editor without processes", () => {
  let session: Session;
  let shown: Panel;

  beforeAll(async () => {
    session = await startSession({
      name: "web",
      // Nothing of the server's is taken but its files.
      settings: { "remote.extensionKind": { "state-swap.state-swap": ["web"] } },
      files: { [stored]: readFileSync(join(import.meta.dirname, "../../media/demo.swap.json"), "utf8") },
    });
    shown = new Panel(session.page, "main.session");
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  it("shows a session file", async () => {
    await session.workbench.quickOpen(stored);
    const frame = await shown.frame();
    await frame.locator(".session-head", { hasText: stored }).waitFor();
    await frame.locator(".verdict", { hasText: "Flips at layer 8" }).waitFor();
    expect(await shown.stripLetters()).toBe("SSSSSSSSTTTT");
    await session.shot("session");
  });

  it("exports it", async () => {
    const { workbench, page, server } = session;
    await workbench.choose("State Swap: Export Session…", "CSV", "Sweep, a line for each k");
    await page.locator(".quick-input-title", { hasText: "Export CSV" }).waitFor();
    await workbench.quickPickRow("..").first().waitFor();
    await page.locator(".quick-input-widget").getByRole("button", { name: "OK", exact: true }).click();
    const written = join(server.workspace, "france-sweep.csv");
    await expect.poll(() => existsSync(written)).toBe(true);
    expect(readFileSync(written, "utf8").trimEnd().split("\n")).toHaveLength(13);
    await workbench.closeToasts();
  });

  it("says that runs need another editor, for each command that would run", async () => {
    const { workbench } = session;
    for (const title of ["Run Demo", "Select Model…"]) {
      await workbench.run(`State Swap: ${title}`);
      await workbench.toast("No model can run here");
      await session.shot(title.replaceAll(/\W+/g, "-").toLowerCase());
      await workbench.closeToasts();
    }
  });

  it("shows the demo in the panel, below the same sentence", async () => {
    const { workbench } = session;
    await workbench.run("View: Close All Editors");
    await workbench.run("State Swap: Open Panel");
    await expect.poll(() => shown.text()).toContain("No model can run here");
    expect(await shown.stripLetters()).toBe("SSSSSSSSTTTT");
    await session.shot("panel");
  });

  it("ran in the browser: the server's extension host never had it, and no engine ran", () => {
    expect(isActivated(session.server)).toBe(false);
    expect(engineProcesses(session.server)).toEqual([]);
    expect(session.outside).toEqual([]);
  });
});
