/** One VS Code for one test file: server, browser, page, screenshots, and what is kept when a step fails. */
import { appendFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "playwright-core";
import { chromium } from "playwright-core";
import { inject } from "vitest";
import type { Server } from "../../tools/code-server.mjs";
import { startServer } from "../../tools/code-server.mjs";
import { Panel } from "./panel.ts";
import { themes, Workbench } from "./workbench.ts";

const root = join(import.meta.dirname, "../..");
/** Screenshots and logs go here. */
export const outputFolder = join(root, "test-output/e2e");

/** A running VS Code and its two drivers. */
export interface Session {
  readonly server: Server;
  readonly page: Page;
  readonly workbench: Workbench;
  readonly panel: Panel;
  /** Requests to other hosts than the server; all of them were refused. */
  readonly outside: readonly string[];
  /** Keeps a screenshot as `<folder>/<nn>-<name>.png`; numbers count up in each folder. */
  shot(name: string, folder?: string): Promise<void>;
  /** Keeps screenshot, logs and page text of a failed step. */
  keepFailure(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** How a session starts. */
export interface SessionOptions {
  /** Folder of the screenshots under test-output/e2e. */
  readonly name: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Files to add to the workspace: path and text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether folders start untrusted. */
  readonly asksForTrust?: boolean;
  /** Folders of other extensions to install. */
  readonly extensions?: readonly string[];
  /** Changes the installed extension before the start, to break it. */
  readonly alter?: (folder: string) => void;
  /** A packed extension to install in place of the checkout's files. */
  readonly vsix?: string;
  /** What the workspace's folder is called. */
  readonly workspace?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Starts the server on a copy of the samples and opens the workbench. */
export async function startSession(options: SessionOptions): Promise<Session> {
  const e2e = inject("e2e");
  if (e2e.skip !== null) throw new Error(e2e.skip);
  const folder = join(outputFolder, options.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const server = await startServer({
    tools: e2e.tools,
    asksForTrust: options.asksForTrust ?? false,
    extensions: options.extensions ?? [],
    ...(options.alter ? { alter: options.alter } : {}),
    workspace: join(root, "samples"),
    ...(options.vsix === undefined ? {} : { vsix: options.vsix }),
    ...(options.workspace === undefined ? {} : { name: options.workspace }),
    settings: {
      "workbench.colorTheme": themes.dark.name,
      "window.menuBarVisibility": "hidden",
      ...options.settings,
    },
  });
  for (const [name, text] of Object.entries(options.files ?? {}))
    writeFileSync(join(server.workspace, name), text);
  const browser = await chromium.launch({
    executablePath: e2e.chromium,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--force-color-profile=srgb",
    ],
  });
  const context = await browser.newContext({ viewport: options.viewport ?? { width: 1280, height: 980 } });
  context.setDefaultTimeout(60_000);
  const outside: string[] = [];
  await context.route(
    (url) => url.hostname !== "127.0.0.1",
    (route) => {
      outside.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  const console_ = join(folder, "browser-console.log");
  page.on("console", (message) => {
    appendFileSync(console_, `[${message.type()}] ${message.text()}\n`);
  });
  page.on("pageerror", (error) => {
    appendFileSync(console_, `[page error] ${String(error)}\n`);
  });
  const workbench = new Workbench(page, server.workspace);
  const shots = new Map<string, number>();
  const session: Session = {
    server,
    page,
    workbench,
    panel: new Panel(page),
    outside,
    shot: async (name, into = options.name) => {
      const number = (shots.get(into) ?? 0) + 1;
      shots.set(into, number);
      const path = join(outputFolder, into, `${String(number).padStart(2, "0")}-${name}.png`);
      await page.screenshot({ path });
    },
    keepFailure: async (name) => {
      const kept = join(folder, `failed-${name.replaceAll(/[^\w]+/g, "-").slice(0, 60)}`);
      mkdirSync(kept, { recursive: true });
      await page.screenshot({ path: join(kept, "screen.png") }).catch(() => undefined);
      writeFileSync(join(kept, "server.log"), server.log());
      keepLogs(server, kept);
    },
    stop: async () => {
      await browser.close();
      await server.stop();
    },
  };
  try {
    await workbench.open(server.url);
  } catch (error) {
    await session.keepFailure("start");
    await session.stop();
    throw error;
  }
  return session;
}

/** Copies the extension host's logs, the product's own channel among them. */
function keepLogs(server: Server, into: string): void {
  const logs = join(server.folder, "data/logs");
  try {
    cpSync(logs, join(into, "logs"), { recursive: true });
  } catch {
    writeFileSync(join(into, "no-logs.txt"), `${logs} could not be copied.`);
  }
}

/** Ids of the engine processes under a server. */
export function engineProcesses(server: Server): number[] {
  return processesOf(server, "engine.mjs");
}

/** Ids of the processes under a server that run a bundle of the product. Linux only, as the server. */
export function processesOf(server: Server, bundle: string): number[] {
  const found: number[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8");
      if (command.includes(server.folder) && command.includes(bundle)) found.push(Number(name));
    } catch {
      // The process ended while the list was read.
    }
  }
  return found;
}

/** How long the engine runs between two looks at what it has done; milliseconds. */
const TURN_MS = 25;

/**
 * Lets the engine run in short turns until `until` holds, and leaves it standing: the middle of a run cannot be missed,
 * however slow the one who looks.
 *
 * @returns lets it go on
 * @throws {Error} when it does not hold within a minute
 */
export async function holdEngineWhen(server: Server, until: () => Promise<boolean>): Promise<() => void> {
  const [engine] = engineProcesses(server);
  if (engine === undefined) throw new Error("No engine is running.");
  const goOn = (): void => {
    process.kill(engine, "SIGCONT");
  };
  const latest = Date.now() + 60_000;
  while (Date.now() < latest) {
    process.kill(engine, "SIGSTOP");
    if (await until()) return goOn;
    goOn();
    await pause(TURN_MS);
  }
  throw new Error("What the engine was to be held at never came.");
}

/** True once VS Code has activated the product in this server, by the extension host's own log. */
export function isActivated(server: Server): boolean {
  const logs = join(server.folder, "data/logs");
  return readdirSync(logs, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("exthost.log"))
    .some((name) =>
      /_doActivateExtension state-swap\.state-swap\b/.test(readFileSync(join(logs, name), "utf8")),
    );
}
