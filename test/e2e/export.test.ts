/** Exports in the real editor: every format from the panel and from a session file, the page in a browser, and back. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { sessionFromExport } from "../../src/shared/export/carry.ts";
import type { GridResult, SweepResult } from "../../src/shared/experiment/result.ts";
import { parseSession } from "../../src/shared/session/parse.ts";
import { inlineText } from "./marks.ts";
import type { Session } from "./session.ts";
import { startSession } from "./session.ts";
import { isOldest } from "./workbench.ts";

const file = "capitals.txt";
const line = 6;
const stored = "france-italy-swap.swap.json";

/** Format, part (empty for formats with one file), and the name that the dialog offers. */
const exports: readonly (readonly [string, string, string])[] = [
  ["HTML", "", "france-italy-swap.html"],
  ["SVG", "Strip, as shown", "france-italy-swap-strip.svg"],
  ["SVG", "Strip, print colours", "france-italy-swap-strip-print.svg"],
  ["SVG", "Heatmap, as shown", "france-italy-swap-heatmap.svg"],
  ["SVG", "Heatmap, print colours", "france-italy-swap-heatmap-print.svg"],
  ["PNG", "Strip, as shown", "france-italy-swap-strip.png"],
  ["PNG", "Strip, print colours", "france-italy-swap-strip-print.png"],
  ["PNG", "Heatmap, as shown", "france-italy-swap-heatmap.png"],
  ["PNG", "Heatmap, print colours", "france-italy-swap-heatmap-print.png"],
  ["CSV", "Sweep, a line for each k", "france-italy-swap-sweep.csv"],
  ["CSV", "Grid, a line for each token and k", "france-italy-swap-grid.csv"],
  ["JSON", "Sweep, as the command line writes it", "france-italy-swap-sweep.json"],
  ["JSON", "Grid, as the command line writes it", "france-italy-swap-grid.json"],
  ["JSON", "Whole session", "france-italy-swap-session.json"],
  ["Markdown", "", "france-italy-swap.md"],
];

describe.skipIf(inject("e2e").skip !== null)("exports", () => {
  let session: Session;
  const path = (name: string): string => join(session.server.workspace, name);
  const read = (name: string): string => readFileSync(path(name), "utf8");
  const input = () => session.page.locator(".quick-input-widget input[type=text]");

  /** Chooses format and part; ends with the file dialog open. */
  const choose = async (command: string, format: string, part: string): Promise<void> => {
    const { workbench, page } = session;
    await workbench.choose(`State Swap: ${command}`, format, ...(part === "" ? [] : [part]));
    await page.locator(".quick-input-title", { hasText: `Export ${format}` }).waitFor();
    // Until the first folder is listed, the dialog overwrites what is typed.
    await workbench.quickPickRow("..").first().waitFor();
  };
  // The dialog of the oldest editor has no name for it.
  const openSession = isOldest ? "OK" : "Open Session";
  const press = (button: string): Promise<void> =>
    session.page.locator(".quick-input-widget").getByRole("button", { name: button, exact: true }).click();
  const exported = async (command: string, format: string, part: string, name: string): Promise<void> => {
    await choose(command, format, part);
    await expect.poll(() => input().inputValue()).toContain(name);
    await press("OK");
    await expect.poll(() => existsSync(path(name)), { message: name }).toBe(true);
    await (await session.workbench.toast(`Exported to ${name}`)).waitFor();
    await session.workbench.closeToasts();
  };

  beforeAll(async () => {
    session = await startSession({ name: "export", viewport: { width: 1400, height: 1000 } });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  it("offers formats from the panel's title once there is a result", async () => {
    const { workbench, panel, page } = session;
    await workbench.openFile(file);
    await workbench.run("State Swap: Open Panel");
    await workbench.setSideBarWidth(440);
    const button = page.locator(".part.sidebar").getByRole("button", { name: "Export…" });
    expect(await button.count()).toBe(0);
    await workbench.selectByKeyboard(file, { text: "Italy" });
    await workbench.run("State Swap: Copy State");
    await expect.poll(() => inlineText(workbench.editor(file), 1)).toContain("state copied");
    await workbench.selectByKeyboard(file, { text: "France" });
    await workbench.run("State Swap: Swap State Here");
    await expect.poll(() => inlineText(workbench.editor(file), line)).toMatch(/^flip \d+\/12 /);
    await panel.runGrid();
    await button.first().click();
    await expect.poll(() => workbench.quickPickRows()).toHaveLength(6);
    await session.shot("formats");
    await page.keyboard.press("Escape");
  });

  for (const [format, part, name] of exports) {
    it(`writes ${name}`, async () => {
      await exported("Export…", format, part, name);
    });
  }

  it("wrote what it says: numbers, pixels, pictures that carry the session", () => {
    const sweep = JSON.parse(read("france-italy-swap-sweep.json")) as SweepResult;
    const grid = JSON.parse(read("france-italy-swap-grid.json")) as GridResult;
    expect(sweep.rows).toHaveLength(12);
    expect(sweep.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(read("france-italy-swap-sweep.csv").trimEnd().split("\n")).toHaveLength(13);
    const cells = grid.target.tokens.length * 12;
    // Tokens with line breaks stand in quotes over two lines.
    expect(read("france-italy-swap-grid.csv").match(/^\d+,/gm)).toHaveLength(cells);
    expect(read("france-italy-swap.md")).toContain(`flips at k = ${sweep.flip!.k} of 12`);
    const whole = parseSession(read("france-italy-swap-session.json"));
    for (const subject of ["strip", "heatmap"]) {
      for (const look of ["", "-print"]) {
        const svg = read(`france-italy-swap-${subject}${look}.svg`);
        expect(svg.match(/class="cell"/g)).toHaveLength(subject === "strip" ? 12 : cells);
        expect({ ...sessionFromExport(svg), savedAt: "" }).toEqual({ ...whole, savedAt: "" });
        const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!;
        const png = readFileSync(path(`france-italy-swap-${subject}${look}.png`));
        expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
        expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
          Math.round(Number(width) * 2),
          Math.round(Number(height) * 2),
        ]);
      }
    }
    // The dark theme's ground as shown, paper's in print.
    expect(read("france-italy-swap-strip.svg")).not.toContain('fill="#ffffff"/>\n<text');
    expect(read("france-italy-swap-strip-print.svg")).toContain('fill="#ffffff"/>');
  });

  it("opens as a page in a browser without network, and works there", async () => {
    const browser = session.page.context().browser()!;
    const context = await browser.newContext({ colorScheme: "dark", viewport: { width: 1200, height: 900 } });
    await context.setOffline(true);
    const page = await context.newPage();
    const complaints: string[] = [];
    const url = pathToFileURL(path("france-italy-swap.html")).href;
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (request.url() !== url) complaints.push(request.url());
    });
    await page.goto(url);
    expect(await page.locator(".verdict").innerText()).toMatch(/Flips at layer \d+ of 12/);
    const strip = page.getByRole("slider", { name: "Sweep, step through k" });
    await strip.focus();
    await page.keyboard.press("End");
    expect(await strip.getAttribute("aria-valuenow")).toBe("11");
    expect(await strip.getAttribute("aria-valuetext")).toContain("Paris");
    await page.screenshot({ path: join(session.server.folder, "page.png") });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("offers a free name, and asks before it writes over a file", async () => {
    const { page } = session;
    writeFileSync(path("mine.md"), "mine");
    await choose("Export…", "Markdown", "");
    await expect.poll(() => input().inputValue()).toContain("france-italy-swap-2.md");
    await input().fill(path("mine.md"));
    await press("OK");
    await page.locator(".quick-input-title", { hasText: "already exists" }).waitFor();
    await session.shot("overwrite");
    expect(read("mine.md")).toBe("mine");
    // The first Escape takes the question back, the second the dialog.
    await expect
      .poll(async () => {
        await page.keyboard.press("Escape");
        return page.locator(".quick-input-widget").isVisible();
      })
      .toBe(false);
    expect(read("mine.md")).toBe("mine");
  });

  it("opens the panel to draw, where no page is shown", async () => {
    const { workbench, page } = session;
    await workbench.run("View: Close Primary Side Bar");
    await expect.poll(() => page.locator(".part.sidebar").isVisible()).toBe(false);
    await exported("Export…", "PNG", "Strip, as shown", "france-italy-swap-strip-2.png");
    expect(readFileSync(path("france-italy-swap-strip-2.png")).length).toBeGreaterThan(5000);
  });

  it("exports a session file from its editor, without any result in the panel", async () => {
    const { workbench, page } = session;
    writeFileSync(path(stored), read("france-italy-swap-session.json"));
    await workbench.run("State Swap: Clear All Results");
    await workbench.run("View: Close All Editors");
    // A file that was written a moment ago is found once the editor has seen it.
    await workbench.quickOpen(stored);
    await page.locator(".editor-actions").getByRole("button", { name: "Export Session…" }).first().waitFor();
    await session.shot("session-editor");
    await exported("Export Session…", "HTML", "", "france-italy-swap-2.html");
    await exported("Export Session…", "PNG", "Heatmap, as shown", "france-italy-swap-heatmap-2.png");
    await exported("Export Session…", "SVG", "Strip, as shown", "france-italy-swap-strip-2.svg");
    expect(sessionFromExport(read("france-italy-swap-2.html"))).toEqual(parseSession(read(stored)));
  });

  it("opens a session from an exported picture and from a page, beside them", async () => {
    const { workbench, page } = session;
    for (const [name, made] of [
      ["france-italy-swap-strip.svg", "france-italy-swap-strip.swap.json"],
      ["france-italy-swap.html", "france-italy-swap-2.swap.json"],
    ] as const) {
      await workbench.run("State Swap: Open Session from Export…");
      await page.locator(".quick-input-title", { hasText: "Open Session from Export" }).waitFor();
      await workbench.quickPickRow("..").first().waitFor();
      await input().fill(path(name));
      await workbench.quickPickRow(name).first().waitFor();
      await press(openSession);
      await expect.poll(() => existsSync(path(made)), { message: made }).toBe(true);
      await page.locator(`.tab.active[data-resource-name="${made}"]`).waitFor();
      expect(parseSession(read(made)).sweep?.rows).toHaveLength(12);
    }
    expect(readdirSync(session.server.workspace)).toContain(stored);
    await session.shot("opened");
  });

  it("says what is wrong with a picture that carries no session", async () => {
    const { workbench, page } = session;
    writeFileSync(path("other.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
    await workbench.run("State Swap: Open Session from Export…");
    await page.locator(".quick-input-title", { hasText: "Open Session from Export" }).waitFor();
    await workbench.quickPickRow("..").first().waitFor();
    await input().fill(path("other.svg"));
    await workbench.quickPickRow("other.svg").first().waitFor();
    await press(openSession);
    await workbench.toast("carries no session");
    expect(session.outside).toEqual([]);
  });
});
