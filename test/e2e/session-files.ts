/** Session files of a running VS Code: on disk, opened in it, and the two pages that show them. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { Panel } from "./panel.ts";
import type { Session } from "./session.ts";
import { Workbench } from "./workbench.ts";

/** What steps do with them. */
export interface SessionFiles {
  /** Names, sorted. */
  readonly names: () => string[];
  readonly read: (name: string) => string;
  readonly write: (name: string, text: string) => void;
  /** The page of one session, and that of two compared. */
  readonly stored: () => Panel;
  readonly comparison: () => Panel;
  /** By Quick Open, in any window. */
  readonly open: (name: string, page?: Page) => Promise<void>;
  /** In the list: Quick Open would open a file as it was shown last, as text too. */
  readonly openFromList: (name: string) => Promise<void>;
  readonly row: (name: string) => Locator;
  readonly dialog: (page?: Page) => Locator;
}

/** @param running the VS Code, once it runs */
export function sessionFiles(running: () => Session): SessionFiles {
  const folder = (): string => join(running().server.workspace, "sessions");
  const storedIn = (page: Page): Panel => new Panel(page, "main.session:not(.comparison)");
  const files: SessionFiles = {
    names: () => {
      try {
        return readdirSync(folder()).sort();
      } catch {
        return [];
      }
    },
    read: (name) => readFileSync(join(folder(), name), "utf8"),
    write: (name, text) => {
      mkdirSync(folder(), { recursive: true });
      writeFileSync(join(folder(), name), text);
    },
    stored: () => storedIn(running().page),
    comparison: () => new Panel(running().page, "main.comparison"),
    open: async (name, page = running().page) => {
      await new Workbench(page, running().server.workspace).quickOpen(name);
      await (await storedIn(page).frame()).locator(".session-head").waitFor();
    },
    openFromList: async (name) => {
      await running().workbench.run("State Swap: Focus on Sessions View");
      await files.row(name.replace(".swap.json", "")).click();
      await (await files.stored().frame()).locator(".session-head").waitFor();
    },
    row: (name) => running().page.locator(".part.sidebar .monaco-list-row", { hasText: name }),
    dialog: (page = running().page) => page.locator(".monaco-dialog-box").filter({ visible: true }),
  };
  return files;
}
