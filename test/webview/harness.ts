/** Opens the panel alone in headless Chromium, with the bundle, the content security policy and the themes of VS Code. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll } from "vitest";
import { hueVariables } from "../../src/shared/figure/hues.ts";
import type { Language } from "../../src/shared/text/language.ts";
import { languageElement } from "../../src/shared/text/language.ts";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { panelIntentSchema } from "../../src/shared/protocol/panel-intent.ts";
import { findChromium } from "../support/chromium.ts";

/** The four kinds of VS Code theme. */
export const THEMES = ["dark", "light", "hc-dark", "hc-light"] as const;
/** One of them. */
export type Theme = (typeof THEMES)[number];

/** Kinds as the manifest's colours name them. */
const HUES_OF = {
  dark: "dark",
  light: "light",
  "hc-dark": "highContrast",
  "hc-light": "highContrastLight",
} as const;

const ORIGIN = "http://panel.test";
const here = import.meta.dirname;
/** Screenshots go here. */
export const outputFolder = join(here, "../../test-output/webview");

/** True when these tests can run; says loudly when they cannot. */
export function canRun(): boolean {
  const found = findChromium() !== null;
  if (!found) {
    console.warn(
      "\n  SKIPPED: the side panel's browser tests. No chromium, chromium-browser or google-chrome on PATH; set SWAP_CHROMIUM.\n",
    );
  }
  return found;
}

/** Script and stylesheet as the product ships them: minified. */
export interface Bundle {
  readonly script: string;
  readonly style: string;
}

/** Builds the webview's bundle in memory. */
export async function bundleWebview(): Promise<Bundle> {
  const result = await build({
    entryPoints: [join(here, "../../webview/main.tsx")],
    bundle: true,
    minify: true,
    write: false,
    outdir: "out",
    format: "iife",
    target: "chrome120",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "silent",
  });
  const file = (ending: string): string => result.outputFiles.find(({ path }) => path.endsWith(ending))!.text;
  return { script: file(".js"), style: file(".css") };
}

interface ThemeFile {
  readonly kind: string;
  readonly colors: Readonly<Record<string, string>>;
}

/** A theme's values as VS Code puts them on the page, with the default style that it gives every webview. */
function themeCss(theme: Theme): { readonly kind: string; readonly css: string } {
  const { kind, colors } = JSON.parse(readFileSync(join(here, `themes/${theme}.json`), "utf8")) as ThemeFile;
  const variables = Object.entries({ ...colors, ...hueVariables(HUES_OF[theme]) }).map(
    ([name, value]) => `--vscode-${name}: ${value};`,
  );
  const css = `:root { ${variables.join(" ")}
    --vscode-font-family: system-ui, "DejaVu Sans", sans-serif; --vscode-font-size: 13px; --vscode-font-weight: normal;
    --vscode-editor-font-family: "DejaVu Sans Mono", monospace; --vscode-editor-font-size: 14px; }
    html { background: var(--vscode-sideBar-background); scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
    body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
      font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size);
      margin: 0; padding: 0 20px; }`;
  return { kind, css };
}

/** An open panel. */
export interface Panel {
  readonly page: Page;
  /** What the console reported as errors or warnings. */
  readonly complaints: readonly string[];
  /** Sends a snapshot and waits until it is drawn. */
  send(state: PanelState): Promise<void>;
  /** Sends a message as it is and waits until it is drawn. */
  sendMessage(message: unknown): Promise<void>;
  /** All messages of the page so far, as they are. */
  messages(): Promise<unknown[]>;
  /** All intents so far, each checked against the protocol, without `ready`. */
  intents(): Promise<PanelIntent[]>;
  /** The intents since the last call. */
  newIntents(): Promise<PanelIntent[]>;
  /** How many times the panel said `ready`. */
  readyCount(): Promise<number>;
  setTheme(theme: Theme): Promise<void>;
  close(): Promise<void>;
}

/** How a panel is opened. */
export interface PanelOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  readonly ratio?: number;
  readonly state?: PanelState;
  /** Whether the set-up is open, though there is a result. */
  readonly setup?: boolean;
  /** What the page shows; the panel when left out. */
  readonly view?: "session" | "comparison";
  /** Of the page's texts; English when left out. */
  readonly language?: Language;
}

/** Starts Chromium for one test file. */
export async function startBrowser(): Promise<Browser> {
  mkdirSync(outputFolder, { recursive: true });
  return chromium.launch({
    executablePath: findChromium()!,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"],
  });
}

declare global {
  interface Window {
    recordedIntents?: unknown[];
  }
}

/**
 * One browser and one bundle for the tests of the `describe` that it is called in; what a test opens is closed after it.
 *
 * @returns opens a panel
 */
export function usePanels(): (options?: PanelOptions) => Promise<Panel> {
  let browser: Browser;
  let bundle: Bundle;
  const open: Panel[] = [];
  beforeAll(async () => {
    [browser, bundle] = await Promise.all([startBrowser(), bundleWebview()]);
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((panel) => panel.close()));
  });
  return async (options = {}) => {
    const panel = await openPanel(browser, bundle, options);
    open.push(panel);
    return panel;
  };
}

/** Opens the panel and, when given, sends its first snapshot. */
export async function openPanel(
  browser: Browser,
  bundle: Bundle,
  options: PanelOptions = {},
): Promise<Panel> {
  const { theme = "dark", width = 400, height = 900, ratio = 1, state, view = "panel", language } = options;
  const kept = options.setup ? JSON.stringify({ version: 1, setup: true }) : null;
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: ratio });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  const html = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>State Swap</title>
    <link rel="stylesheet" href="/${theme}.css" id="theme"><link rel="stylesheet" href="/webview.css"></head>
    <body class="${themeCss(theme).kind}"><div id="root" data-view="${view}"></div>${languageElement(language)}<script nonce="n1" src="/webview.js"></script></body></html>`;
  await page.route("**/*", async (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === "/") {
      const policy = `default-src 'none'; style-src ${ORIGIN}; img-src ${ORIGIN} data:; script-src 'nonce-n1'; base-uri 'none'; form-action 'none'`;
      await route.fulfill({
        contentType: "text/html",
        body: html,
        headers: { "Content-Security-Policy": policy },
      });
    } else if (path === "/webview.js")
      await route.fulfill({ contentType: "text/javascript", body: bundle.script });
    else if (path === "/webview.css") await route.fulfill({ contentType: "text/css", body: bundle.style });
    else {
      const named = THEMES.find((name) => path === `/${name}.css`);
      if (named) await route.fulfill({ contentType: "text/css", body: themeCss(named).css });
      else await route.fulfill({ status: 404, body: "" });
    }
  });
  await page.addInitScript((open: string | null) => {
    const key = "state-swap.panel";
    if (open !== null && sessionStorage.getItem(key) === null) sessionStorage.setItem(key, open);
    window.recordedIntents = [];
    window.addEventListener("message", (event: MessageEvent<{ intent?: unknown } | null>) => {
      if (event.data?.intent !== undefined) window.recordedIntents!.push(event.data.intent);
    });
  }, kept);
  await page.goto(`${ORIGIN}/`);
  await page.waitForFunction(() => (window.recordedIntents ?? []).length > 0);

  let seen = 0;
  const settle = async (): Promise<void> => {
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          requestAnimationFrame(() => {
            requestAnimationFrame(() => {
              setTimeout(resolve, 20);
            });
          });
        }),
    );
  };
  const messages = async (): Promise<unknown[]> => {
    await settle();
    return page.evaluate(() => window.recordedIntents ?? []);
  };
  const raw = async (): Promise<PanelIntent[]> =>
    (await messages()).map((intent) => v.parse(panelIntentSchema, intent));
  const sendMessage = async (message: unknown): Promise<void> => {
    await page.evaluate((posted) => {
      window.postMessage(posted, "*");
    }, message);
    await settle();
  };
  const panel: Panel = {
    page,
    complaints,
    sendMessage,
    messages,
    send: (snapshot) => sendMessage({ type: "state", state: snapshot }),
    intents: async () => (await raw()).filter(({ type }) => type !== "ready"),
    newIntents: async () => {
      const all = await panel.intents();
      const fresh = all.slice(seen);
      seen = all.length;
      return fresh;
    },
    readyCount: async () => (await raw()).filter(({ type }) => type === "ready").length,
    setTheme: async (next) => {
      await page.evaluate(
        ({ href, kind }) =>
          new Promise<void>((resolve) => {
            const link = document.getElementById("theme") as HTMLLinkElement;
            link.onload = () => {
              document.body.className = kind;
              resolve();
            };
            link.href = href;
          }),
        { href: `/${next}.css`, kind: themeCss(next).kind },
      );
      await settle();
    },
    close: async () => {
      await context.close();
    },
  };
  if (state) await panel.send(state);
  return panel;
}

/** Opens all folded tokens of the map: after it each token has a row of its own. */
export async function openFolds(page: Page): Promise<void> {
  for (const folds = page.locator(".heat-fold"); (await folds.count()) > 0;) {
    await folds.first().evaluate((fold: HTMLElement) => {
      fold.click();
    });
  }
}
