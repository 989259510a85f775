/** States to wait for that no text on the screen tells: a theme worn by a page, drawing done, what the workbench has stored. */
import type { Frame, Page } from "playwright-core";
import { expect } from "vitest";
import type { Theme } from "./workbench.ts";

/** Classes that VS Code gives the body of a webview for each kind of theme. */
const WEBVIEW_KINDS: Record<Theme, string> = {
  dark: "vscode-dark",
  light: "vscode-light",
  "hc-dark": "vscode-high-contrast",
  "hc-light": "vscode-high-contrast-light",
};

/** Waits until a webview wears a theme and is drawn in it. */
export async function wears(frame: Frame, theme: Theme): Promise<void> {
  await expect
    .poll(() => frame.evaluate(() => document.body.className.split(" ")))
    .toContain(WEBVIEW_KINDS[theme]);
  await settled(frame);
}

/** Waits until nothing slides or fades in a page any more, and what was changed is drawn. */
export async function settled(page: Page | Frame): Promise<void> {
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map((one) => one.finished));
    // What an observer or a worker draws comes with the frame after the next.
    for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}

/**
 * Waits until the workbench has stored whether an editor is open; it does so every few seconds.
 *
 * @param mark what stands in the store for this editor alone: its type, or a file in what its page keeps
 */
export async function storesAsOpen(page: Page, mark: string, isOpen: boolean): Promise<void> {
  await expect
    .poll(
      () =>
        page.evaluate(async (wanted) => {
          const result = <T>(request: IDBRequest<T>): Promise<T> =>
            new Promise((resolve, reject) => {
              request.onsuccess = () => {
                resolve(request.result);
              };
              request.onerror = () => {
                reject(new Error(String(request.error)));
              };
            });
          for (const { name } of await indexedDB.databases()) {
            if (name?.startsWith("vscode-web-state-db-") !== true) continue;
            const database = await result(indexedDB.open(name));
            try {
              for (const table of database.objectStoreNames) {
                const store = database.transaction(table).objectStore(table);
                const parts: unknown = await result(store.get("memento/workbench.parts.editor"));
                if (typeof parts === "string" && parts.includes(wanted)) return true;
              }
            } finally {
              database.close();
            }
          }
          return false;
        }, mark),
      { message: `whether an editor with ${mark} is in the workbench's store` },
    )
    .toBe(isOpen);
}
