/**
 * Draws what the galleries show: the icon from its SVG, and the demo in a real VS Code. `npm run pictures` writes
 * media/icon.png and media/gallery.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { inlineText } from "./marks.ts";
import { startSession } from "./session.ts";
import type { Session } from "./session.ts";
import type { Theme } from "./workbench.ts";

const root = join(import.meta.dirname, "../..");
/** Line of the demo's target prompt's end, 1-based. */
const targetLine = 6;

describe.skipIf(inject("e2e").skip !== null)("pictures for the galleries", () => {
  let session: Session;

  beforeAll(async () => {
    mkdirSync(join(root, "media/gallery"), { recursive: true });
    session = await startSession({
      name: "gallery",
      viewport: { width: 1080, height: 700 },
      settings: {
        "editor.fontSize": 13,
        "workbench.activityBar.location": "top",
        "workbench.layoutControl.enabled": false,
        "breadcrumbs.enabled": false,
        "window.commandCenter": false,
      },
    });
  });
  afterAll(async () => {
    await session.stop();
  });

  const keep = async (name: string): Promise<void> => {
    await session.page.screenshot({
      path: join(root, "media/gallery", `${name}.png`),
      animations: "disabled",
    });
  };

  it("draws the icon", async () => {
    const page = await session.page.context().newPage();
    await page.setViewportSize({ width: 256, height: 256 });
    const svg = readFileSync(join(root, "tools/gallery-icon.svg"), "utf8");
    await page.setContent(`<body style="margin: 0">${svg}</body>`);
    await page.screenshot({ path: join(root, "media/icon.png"), omitBackground: true });
    await page.close();
  });

  it("draws the demo's sweep, then its grid, in dark and light", async () => {
    const { workbench, panel, page } = session;
    const demo = page.locator('.monaco-editor[data-uri^="untitled:"]').last();
    const inBoth = async (name: string): Promise<void> => {
      for (const theme of ["dark", "light"] satisfies Theme[]) {
        await workbench.setTheme(theme);
        await expect
          .poll(async () => (await panel.frame()).evaluate(() => document.body.dataset.vscodeThemeKind))
          .toBe(theme === "dark" ? "vscode-dark" : "vscode-light");
        await page.mouse.move(900, 500);
        await keep(`${name}-${theme}`);
      }
    };
    await workbench.run("State Swap: Run Demo");
    await expect.poll(() => inlineText(demo, targetLine)).toMatch(/^flip \d+\/12/);
    await workbench.setSideBarWidth(440);
    await panel.idle();
    await inBoth("sweep");
    await workbench.run("State Swap: Run Grid");
    await expect.poll(async () => (await panel.frame()).locator(".heat").count()).toBe(1);
    await panel.idle();
    await inBoth("grid");
  });
});
