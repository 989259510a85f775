/** Exports in a real browser: the page works without network, SVG is read by the browser's own parser, PNG has pixels. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sessionFromExport } from "../../src/shared/export/carry.ts";
import type { PageBundle } from "../../src/shared/export/html-page.ts";
import { htmlPage } from "../../src/shared/export/html-page.ts";
import { printLook, shownLook } from "../../src/shared/figure/look.ts";
import type { ExportReply, ExportRequest } from "../../src/shared/protocol/export-page.ts";
import { exportReplySchema, isExportReply } from "../../src/shared/protocol/export-page.ts";
import { pictureOf, pictureSubjects, svgOf } from "../../src/shared/export/pictures.ts";
import { pngSize } from "../../src/shared/figure/png-size.ts";
import { svgDocument } from "../../src/shared/figure/svg.ts";
import type { Session } from "../../src/shared/session/session.ts";
import {
  DEMO_SESSION,
  hostileSession,
  HOSTILE_TOKENS,
  promptOfTokens,
} from "../support/session/session-of-results.ts";
import { DEMO_STATE } from "../support/panel/snapshots.ts";
import type { Bundle, Panel } from "./harness.ts";
import {
  bundleWebview,
  canRun,
  openFolds,
  openPanel,
  outputFolder,
  startBrowser,
  THEMES,
} from "./harness.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(outputFolder, "export");

/** The page's bundle as the product ships it. */
async function bundlePage(): Promise<PageBundle> {
  const { outputFiles } = await build({
    entryPoints: [join(root, "webview/export/export-page.tsx")],
    bundle: true,
    minify: true,
    keepNames: true,
    write: false,
    outdir: "out",
    format: "iife",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "silent",
  });
  const file = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))!.text;
  return { script: file(".js"), style: file(".css") };
}

/** An opened export, and everything that it asked for or complained of. */
interface OpenedPage {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

async function openFile(
  browser: Browser,
  path: string,
  options: { colorScheme?: "light" | "dark"; javaScriptEnabled?: boolean } = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(path).href;
  const requests: string[] = [];
  const complaints: string[] = [];
  await context.setOffline(true);
  page.on("request", (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return { page, requests, complaints, close: () => context.close() };
}

describe.skipIf(!canRun())("an exported page", () => {
  let browser: Browser;
  let bundle: PageBundle;
  const written = async (session: Session, name: string): Promise<string> => {
    const path = join(folder, name);
    const sha256 = (text: string): Promise<string> =>
      Promise.resolve(createHash("sha256").update(text, "utf8").digest("base64"));
    writeFileSync(path, await htmlPage(session, bundle, sha256));
    return path;
  };
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    [browser, bundle] = await Promise.all([startBrowser(), bundlePage()]);
  });
  afterAll(async () => {
    await browser.close();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`shows verdict, strip and heatmap in ${colorScheme}, asks for nothing and complains of nothing`, async () => {
      const { page, requests, complaints, close } = await openFile(
        browser,
        await written(DEMO_SESSION, "demo.html"),
        {
          colorScheme,
        },
      );
      expect(await page.locator(".verdict").innerText()).toMatch(/Flips at layer 24 of 30/);
      expect(await page.locator(".section-layers .strip-cell").count()).toBe(30);
      expect(await page.locator("h1").innerText()).toBe("Italy over France");
      const colors = (): Promise<number> =>
        page.locator(".heat canvas").evaluate((canvas) => {
          const { width, height } = canvas as HTMLCanvasElement;
          const data = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height).data;
          const seen = new Set<number>();
          for (let i = 0; i < data.length; i += 4)
            seen.add((data[i]! << 16) + (data[i + 1]! << 8) + data[i + 2]!);
          return seen.size;
        });
      await expect.poll(colors).toBeGreaterThan(3);
      const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      expect(ground).toBe(colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(31, 31, 31)");
      await page.screenshot({ path: join(folder, `page-${colorScheme}.png`), fullPage: true });
      expect(requests).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    });
  }

  it("steps through k with the keyboard, previews a cell under the pointer, and locks it", async () => {
    const { page, complaints, close } = await openFile(browser, await written(DEMO_SESSION, "demo.html"));
    const strip = page.getByRole("slider", { name: "Sweep, step through k" });
    expect(await strip.getAttribute("aria-valuenow")).toBe("17");
    await strip.focus();
    await page.keyboard.press("End");
    expect(await strip.getAttribute("aria-valuetext")).toBe("k = 29: Paris, target");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    expect(await strip.getAttribute("aria-valuetext")).toBe("k = 1: Rome, source");
    await expect.poll(() => page.locator(".section-answers").innerText()).toContain("Rome");
    await openFolds(page);
    const box = (await page.locator(".heat-plot").boundingBox())!;
    await page.mouse.move(box.x + (box.width * 5.5) / 30, box.y + 21.5 * 15);
    await expect.poll(() => page.locator(".section-grid").innerText()).toMatch(/k\s*=?\s*5/);
    await page.getByRole("grid").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    expect(await page.locator("[role=gridcell]").first().innerText()).toContain("locked");
    expect(complaints).toEqual([]);
    await close();
  });

  it("changes nothing and runs nothing: no button that would", async () => {
    const { page, close } = await openFile(browser, await written(DEMO_SESSION, "demo.html"));
    const names = await page.getByRole("button").allInnerTexts();
    expect(names.filter((name) => /run|cancel|select model|change|choose|restart|log/i.test(name))).toEqual(
      [],
    );
    await close();
  });

  it("shows the drawn pictures in print, and without script", async () => {
    const path = await written(DEMO_SESSION, "demo.html");
    const { page, close } = await openFile(browser, path, { colorScheme: "dark" });
    expect(await page.locator(".export-print svg").first().isVisible()).toBe(false);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.locator(".export-print svg").first().isVisible()).toBe(true);
    expect(await page.locator("#root").isVisible()).toBe(false);
    const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(ground).toBe("rgb(255, 255, 255)");
    await page.screenshot({ path: join(folder, "page-print.png"), fullPage: true });
    await close();
    const silent = await openFile(browser, path, { javaScriptEnabled: false });
    expect(await silent.page.locator(".export-print svg").count()).toBe(2);
    expect(await silent.page.locator(".export-print svg").first().isVisible()).toBe(true);
    expect(silent.complaints).toEqual([]);
    await silent.close();
  });

  it("runs nothing of hostile tokens and shows them", async () => {
    const path = await written(hostileSession(), "hostile.html");
    const { page, requests, complaints, close } = await openFile(browser, path);
    await page.locator(".setup-toggle").click();
    expect(await page.locator(".chips.target .chip").count()).toBe(HOSTILE_TOKENS.length);
    expect(await page.locator(".chips.target .chip").first().innerText()).toContain("</script>");
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    await page.screenshot({ path: join(folder, "page-hostile.png"), fullPage: true });
    await close();
    expect(sessionFromExport(readFileSync(path, "utf8")).target.tokenization.ids).toHaveLength(
      HOSTILE_TOKENS.length,
    );
  });
});

describe.skipIf(!canRun())("exported pictures", () => {
  let browser: Browser;
  let bundle: Bundle;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    [browser, bundle] = await Promise.all([startBrowser(), bundleWebview()]);
  });
  afterAll(async () => {
    await browser.close();
  });

  let nextId = 1;
  const ask = async (
    panel: Panel,
    request: Omit<Extract<ExportRequest, { type: "exportPng" }>, "id"> | { type: "exportLook" },
  ): Promise<ExportReply> => {
    const id = nextId++;
    await panel.sendMessage({ ...request, id });
    let found: ExportReply | undefined;
    await expect
      .poll(async () => {
        const messages = (await panel.messages()).filter(isExportReply);
        found = messages
          .map((message) => v.parse(exportReplySchema, message))
          .find((reply) => reply.id === id);
        return found !== undefined;
      })
      .toBe(true);
    return found!;
  };

  for (const theme of THEMES) {
    it(`take ${theme}'s own colours and the metric that is chosen`, async () => {
      const panel = await openPanel(browser, bundle, { theme, width: 500, state: DEMO_STATE });
      await panel.page.getByRole("combobox", { name: "Metric of the heatmap" }).click();
      await panel.page.getByRole("option", { name: "Logit difference" }).click();
      const reply = await ask(panel, { type: "exportLook" });
      if (reply.type !== "exportLookReply") throw new Error(reply.type);
      expect(reply.metric).toBe("logits");
      const file = join(import.meta.dirname, `themes/${theme}.json`);
      const { colors } = JSON.parse(readFileSync(file, "utf8")) as { colors: Record<string, string> };
      const look = shownLook(reply.palette);
      expect(look.text).toBe(colors.foreground);
      expect(look.palette.highContrast).toBe(theme.startsWith("hc"));
      for (const subject of pictureSubjects(DEMO_SESSION)) {
        for (const metric of ["outcome", "logits"] as const) {
          const picture = pictureOf(DEMO_SESSION, subject, metric, look);
          const size = pngSize(picture);
          const drawn = await ask(panel, { type: "exportPng", svg: svgDocument(picture), ...size });
          if (drawn.type !== "exportPngReply") throw new Error(JSON.stringify(drawn));
          writeFileSync(
            join(folder, `${subject}-${metric}-${theme}.png`),
            Buffer.from(drawn.base64, "base64"),
          );
        }
      }
      expect(panel.complaints.filter((text) => !text.includes("47DEQpj8HBSa"))).toEqual([]);
      await panel.close();
    });
  }

  it("are as PNG twice the picture's size and not blank", async () => {
    const panel = await openPanel(browser, bundle, { state: DEMO_STATE });
    for (const subject of pictureSubjects(DEMO_SESSION)) {
      const picture = pictureOf(DEMO_SESSION, subject, "outcome", printLook);
      const reply = await ask(panel, { type: "exportPng", svg: svgDocument(picture), ...pngSize(picture) });
      if (reply.type !== "exportPngReply") throw new Error(JSON.stringify(reply));
      writeFileSync(join(folder, `${subject}-print.png`), Buffer.from(reply.base64, "base64"));
      const { width, height, counts } = await panel.page.evaluate(async (base64) => {
        const image = new Image();
        image.src = `data:image/png;base64,${base64}`;
        await image.decode();
        const canvas = document.createElement("canvas");
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        const context = canvas.getContext("2d")!;
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        const seen: Record<string, number> = {};
        for (let i = 0; i < data.length; i += 4) {
          const color = [data[i], data[i + 1], data[i + 2], data[i + 3]].join(",");
          seen[color] = (seen[color] ?? 0) + 1;
        }
        return { width: canvas.width, height: canvas.height, counts: seen };
      }, reply.base64);
      expect([width, height]).toEqual([Math.round(picture.width * 2), Math.round(picture.height * 2)]);
      // Source blue, target orange, white ground: each over a real area.
      for (const color of ["11,61,120,255", "246,190,120,255", "255,255,255,255"])
        expect(counts[color] ?? 0, `${subject} ${color}`).toBeGreaterThan(2000);
    }
    await panel.close();
  });

  it("are drawn for a prompt of 600 tokens too, in fewer pixels", async () => {
    const tokens = Array.from({ length: 600 }, (_, i) => ` word${i}`);
    const columns = tokens.map((_, position) => ({
      ...DEMO_SESSION.grid!.columns[position % 26]!,
      position,
    }));
    const long: Session = {
      ...DEMO_SESSION,
      target: promptOfTokens("long.txt:1", tokens),
      grid: { ...DEMO_SESSION.grid!, columns },
    };
    const picture = pictureOf(long, "heatmap", "outcome", printLook);
    const size = pngSize(picture);
    expect(size.height).toBe(16_000);
    const panel = await openPanel(browser, bundle, { state: DEMO_STATE });
    const reply = await ask(panel, { type: "exportPng", svg: svgDocument(picture), ...size });
    expect(reply.type).toBe("exportPngReply");
    await panel.close();
  });

  it("say so when the picture cannot be drawn", async () => {
    const panel = await openPanel(browser, bundle, { state: DEMO_STATE });
    const reply = await ask(panel, { type: "exportPng", svg: "<svg", width: 10, height: 10 });
    expect(reply.type).toBe("exportFailed");
    await panel.close();
  });

  it("are well-formed to the browser, hostile tokens and all", async () => {
    const panel = await openPanel(browser, bundle, { state: DEMO_STATE });
    for (const session of [DEMO_SESSION, hostileSession()]) {
      for (const subject of pictureSubjects(session)) {
        const svg = svgOf(session, subject, "outcome", printLook);
        const found = await panel.page.evaluate((text) => {
          const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
          return {
            errors: parsed.querySelectorAll("parsererror").length,
            cells: parsed.querySelectorAll(".cell").length,
            foreign: parsed.querySelectorAll("script, foreignObject, a, image, use").length,
          };
        }, svg);
        const cells = subject === "strip" ? 30 : session.target.tokenization.ids.length * 30;
        expect(found).toEqual({ errors: 0, cells, foreign: 0 });
      }
    }
    await panel.close();
  });
});
