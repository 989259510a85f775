/** The policies of the panel and of exported pages: markup that got into them runs nothing, loads nothing and sends nothing. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Webview } from "vscode";
import type { ViewerHost } from "../../src/extension/host.ts";
import { showPage } from "../../src/extension/panel/html.ts";
import { htmlPage } from "../../src/shared/export/html-page.ts";
import { temporaryFolder } from "../support/cli/cli-support.ts";
import { DEMO_SESSION } from "../support/session/session-of-results.ts";
import { canRun, startBrowser } from "./harness.ts";

/** Everything by which markup reaches out, towards `at`. */
function markup(at: string): string {
  return [
    `<base href="${at}/base/">`,
    `<script>window.ran = true</script><script src="${at}/script"></script>`,
    `<img src="${at}/img" onerror="window.ran = true"><video src="${at}/video"></video>`,
    `<style>body { background: url(${at}/style) }</style><p style="background: url(${at}/inline)">x</p>`,
    ...["stylesheet", "prefetch", "preload"].map(
      (rel) => `<link rel="${rel}" as="script" href="${at}/${rel}">`,
    ),
    `<iframe src="${at}/frame"></iframe><object data="${at}/object"></object>`,
    `<form action="${at}/form"><button id="send">x</button></form>`,
  ].join("\n");
}

describe.skipIf(!canRun())("injected markup", () => {
  let browser: Browser;
  let server: Server;
  let asked: string[] = [];
  let address = "";
  const folder = temporaryFolder();

  beforeAll(async () => {
    browser = await startBrowser();
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.setHeader("access-control-allow-origin", "*");
      response.end("window.ran = true");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  /** What a page with the markup before its root ran, asked for and sent. */
  const effects = async (html: string): Promise<{ ran: boolean; asked: string[] }> => {
    asked = [];
    const file = join(folder, "page.html");
    expect(html).toContain('<div id="root"');
    writeFileSync(file, html.replace('<div id="root"', `${markup(address)}<div id="root"`));
    const page = await browser.newPage();
    await page.goto(`file://${file}`, { waitUntil: "networkidle" });
    const ran = await page.evaluate(() => "ran" in window);
    // Either the form leaves the page, or the browser says by which directive it does not.
    const sent = Promise.race([
      page.waitForEvent("request", (request) => request.url().includes("/form")),
      page.waitForEvent("console", (message) => message.text().includes("form-action")),
    ]);
    await page.evaluate(() => {
      document.getElementById("send")!.click();
    });
    await sent;
    await page.waitForLoadState("networkidle");
    await page.close();
    return { ran, asked: [...new Set(asked)] };
  };

  it("does all of it in a page without a policy, so that the other cases mean something", async () => {
    const { ran, asked: all } = await effects('<!DOCTYPE html><body><div id="root"></div></body>');
    expect(ran).toBe(true);
    // `base` moves every relative address, the form's not.
    for (const part of ["script", "img", "style", "frame", "form?"]) expect(all).toContain(`/${part}`);
  });

  it("does nothing in the panel, not even move the script's address or send a form", async () => {
    const webview = {
      cspSource: "https://*.vscode-cdn.net",
      html: "",
      options: {},
      asWebviewUri: (uri: string) => uri,
    };
    const vs = { Uri: { joinPath: (...parts: string[]) => parts.at(-1) } };
    showPage({ vs, context: {} } as unknown as ViewerHost, webview as unknown as Webview, "panel");
    expect(await effects(webview.html)).toEqual({ ran: false, asked: [] });
  });

  it("does nothing in an exported page", async () => {
    const sha = (text: string): Promise<string> =>
      Promise.resolve(createHash("sha256").update(text, "utf8").digest("base64"));
    const page = await htmlPage(DEMO_SESSION, { script: "", style: "" }, sha);
    expect(await effects(page)).toEqual({ ran: false, asked: [] });
  });
});
