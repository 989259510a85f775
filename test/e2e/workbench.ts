/** Drives VS Code's own surfaces as a user does: files, selections, commands, menus, toasts, status bar. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** True on the oldest VS Code that the manifest allows, whose themes and dialogs have other names. */
export const isOldest = process.env.STATE_SWAP_CODE_SERVER === "oldest";

/** The button that accepts VS Code's own file dialog. */
export function dialogButton(name: string): string {
  return isOldest ? "OK" : name;
}

/** Classes that VS Code gives its root for each kind of theme. */
export const themes = {
  dark: { name: isOldest ? "Default Dark Modern" : "Dark 2026", root: "vs-dark" },
  light: { name: isOldest ? "Default Light Modern" : "Light 2026", root: "vs" },
  "hc-dark": { name: "Default High Contrast", root: "hc-black" },
  "hc-light": { name: "Default High Contrast Light", root: "hc-light" },
} as const;
/** Kind of theme. */
export type Theme = keyof typeof themes;

/** How long one try at the quick input waits for it, before it is opened again; milliseconds. */
const ONE_TRY_MS = 5000;
/** How long an accepted quick input takes to close, and a key to open one, before that is tried again; milliseconds. */
const CLOSING_MS = 1000;
const OPENING_MS = 2000;

/** A selection to make: the `occurrence`-th `text` of the document, counted from 1. */
export interface Place {
  readonly text: string;
  readonly occurrence?: number;
}

/** The workbench in the browser. */
export class Workbench {
  readonly #page: Page;
  readonly #workspace: string;

  constructor(page: Page, workspace: string) {
    this.#page = page;
    this.#workspace = workspace;
  }

  /**
   * Opens the address and waits until the explorer lists the workspace. A workbench that lists nothing is loaded once more,
   * and what it showed is printed: it has not come to the product yet.
   */
  async open(url: string): Promise<void> {
    await this.#page.goto(url);
    await this.#page.locator(".monaco-workbench").waitFor();
    const entry = this.#page.locator(".explorer-viewlet [role=treeitem]").first();
    try {
      await entry.waitFor();
    } catch {
      console.warn(`The explorer lists nothing:\n${await this.#page.locator("body").innerText()}`);
      await this.#page.reload();
      await entry.waitFor();
    }
  }

  /** The editor that shows a file of the workspace, or an untitled text; the last one when it is open twice. */
  editor(file: string): Locator {
    return this.#page
      .locator(`.monaco-editor[data-uri$="/${file}"], .monaco-editor[data-uri="untitled:${file}"]`)
      .last();
  }

  /** Opens a file in the active group by its name through Quick Open, and waits until its text is drawn. */
  async openFile(file: string): Promise<void> {
    await this.quickOpen(file);
    await this.editor(file).locator(".view-line").first().waitFor();
    await this.focusEditor(file);
  }

  /** Opens a file by its name in the editor that Quick Open takes for it, and waits for its tab. */
  async quickOpen(file: string): Promise<void> {
    // Rows of what was opened before stand there until the search has run.
    const found = this.#page.locator(".quick-input-list .monaco-list-row.focused", { hasText: file });
    await this.#ask("Control+P", file, async () => {
      await found.waitFor({ timeout: ONE_TRY_MS });
      return 0;
    });
    await this.#page
      .locator(`.editor-group-container.active .tab.active[data-resource-name="${file}"]`)
      .waitFor();
  }

  /**
   * Opens a quick input by key, types, and accepts the row that `rowAt` finds, counted from 0. It is opened again where
   * it lost the focus, which closes it, and where the row is not there: it lists what was known when it opened.
   */
  async #ask(key: string, text: string, rowAt: () => Promise<number>): Promise<void> {
    const input = this.#quickInput();
    await expect
      .poll(
        async () => {
          // One that was accepted is still closing; one that stands open would take the key. Escape only into an open
          // input: in an editor it would drop the selection that the question is about.
          await input.waitFor({ state: "hidden", timeout: CLOSING_MS }).catch(() => input.press("Escape"));
          await this.#page.keyboard.press(key);
          await input.waitFor({ timeout: OPENING_MS });
          await input.fill(text, { timeout: ONE_TRY_MS });
          const at = await rowAt();
          if (at < 0 || !(await input.isVisible())) return false;
          // Into the input itself: what has taken the focus meanwhile gets nothing.
          for (let i = 0; i < at; i++) await input.press("ArrowDown", { timeout: ONE_TRY_MS });
          await input.press("Enter", { timeout: ONE_TRY_MS });
          return true;
        },
        { interval: 300, message: `"${text}" in the quick input` },
      )
      .toBe(true);
  }

  #quickInput(): Locator {
    return this.#page.locator(".quick-input-widget input[type=text]");
  }

  /** Gives an open editor the keyboard, without moving its selection. */
  async focusEditor(file: string): Promise<void> {
    await this.editor(file).locator("textarea, .native-edit-context").first().focus();
  }

  /**
   * Runs a command by its title, through the command palette.
   */
  async run(title: string): Promise<void> {
    const rows = this.#page.locator(".quick-input-list .monaco-list-row");
    // A row's label goes on with its keys and its group: other commands may contain the title.
    const isRow = (label: string): boolean => label === title || label.startsWith(`${title}, `);
    await this.#ask("F1", `>${title}`, async () => {
      await rows.first().waitFor({ timeout: ONE_TRY_MS });
      const labels = await rows.evaluateAll((all) => all.map((row) => row.getAttribute("aria-label") ?? ""));
      return labels.findIndex(isRow);
    });
  }

  /**
   * Runs a command that asks, and clicks a row in each of its lists in turn. From the start where a list was lost: one that
   * loses the focus while it opens is closed by VS Code.
   */
  async choose(title: string, ...texts: readonly string[]): Promise<void> {
    const take = async (): Promise<boolean> => {
      await this.run(title);
      for (const text of texts) await this.quickPickRow(text).first().click({ timeout: ONE_TRY_MS });
      return true;
    };
    await expect.poll(take, { timeout: 120_000, message: `${title}: ${texts.join(", ")}` }).toBe(true);
  }

  /** Rows of the open quick pick whose text holds `text`. */
  quickPickRow(text: string): Locator {
    return this.#page.locator(".quick-input-list .monaco-list-row", { hasText: text });
  }

  /** Labels of the open quick pick's rows. */
  async quickPickRows(): Promise<string[]> {
    await this.#page.locator(".quick-input-list .monaco-list-row").first().waitFor();
    return this.#page
      .locator(".quick-input-list .monaco-list-row")
      .evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-label") ?? ""));
  }

  /** Types into the open quick input and accepts it. */
  async answer(text: string): Promise<void> {
    const input = this.#quickInput();
    await input.waitFor();
    await input.fill(text);
    await input.press("Enter");
  }

  /** Types an absolute path into VS Code's own file dialog and accepts it. */
  async chooseFile(title: string, path: string): Promise<void> {
    await this.#page.locator(".quick-input-title", { hasText: title }).waitFor();
    // Until the first folder is listed, the dialog overwrites what is typed.
    await this.quickPickRow("..").first().waitFor();
    await this.#quickInput().fill(path);
    await this.quickPickRow(basename(path)).first().waitFor();
    await this.#page.getByRole("button", { name: dialogButton("Select Model") }).click();
  }

  /** Selects text with the keyboard alone: Go to Line/Column, then Shift with arrows. */
  async selectByKeyboard(file: string, place: Place): Promise<void> {
    const { line, column } = this.#find(file, place);
    await this.focusEditor(file);
    await this.goTo(line, column);
    for (let left = place.text.length; left > 0; left--) await this.#page.keyboard.press("Shift+ArrowRight");
    await expect
      .poll(() => this.#page.locator("#status\\.editor\\.selection").innerText())
      .toContain(`(${place.text.length} selected)`);
  }

  /** Selects a word with a double click. */
  async selectByMouse(file: string, place: Place): Promise<void> {
    const box = await this.boxOf(file, place);
    await this.#page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2);
    await expect
      .poll(() => this.#page.locator("#status\\.editor\\.selection").innerText())
      .toContain(`(${place.text.length} selected)`);
  }

  /** Puts the caret; lines and columns count from 1. */
  async goTo(line: number, column: number): Promise<void> {
    const place = `Ln ${line}, Col ${column}`;
    const status = this.#page.locator("#status\\.editor\\.selection", { hasText: place });
    await expect
      .poll(async () => {
        await this.#ask("Control+G", `:${line}:${column}`, () => Promise.resolve(0));
        await status.waitFor({ timeout: ONE_TRY_MS });
        return true;
      })
      .toBe(true);
  }

  /** Where text stands on the screen, CSS pixels. */
  async boxOf(
    file: string,
    { text, occurrence = 1 }: Place,
  ): Promise<{ x: number; y: number; width: number; height: number }> {
    const box = await this.editor(file).evaluate(
      (editor, [wanted, count]) => {
        let seen = 0;
        // Lines stand in the DOM in any order; what counts is where they are drawn.
        const lines = [...editor.querySelectorAll<HTMLElement>(".view-line")].sort(
          (a, b) => a.offsetTop - b.offsetTop,
        );
        for (const line of lines) {
          const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          const nodes: { node: Node; start: number }[] = [];
          let whole = "";
          for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            nodes.push({ node, start: whole.length });
            whole += (node.nodeValue ?? "").replaceAll("\u00a0", " ");
          }
          for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + 1)) {
            if (++seen < count) continue;
            const range = document.createRange();
            const place = (offset: number, end: boolean): void => {
              const holder = nodes.findLast(({ start }) => (end ? start < offset : start <= offset));
              if (!holder) return;
              if (end) range.setEnd(holder.node, offset - holder.start);
              else range.setStart(holder.node, offset - holder.start);
            };
            place(at, false);
            place(at + wanted.length, true);
            const { x, y, width, height } = range.getBoundingClientRect();
            return { x, y, width, height };
          }
        }
        return null;
      },
      [text, occurrence] as const,
    );
    if (!box) throw new Error(`"${text}" (${occurrence}) is not visible in ${file}.`);
    return box;
  }

  /** Texts of the shown toasts. */
  async toasts(): Promise<string[]> {
    return this.#page.locator(".notification-toast").filter({ visible: true }).allInnerTexts();
  }

  /** Waits for a toast that says `text`. */
  async toast(text: string | RegExp): Promise<Locator> {
    const toast = this.#page.locator(".notification-toast", { hasText: text }).first();
    await toast.waitFor();
    return toast;
  }

  /** Closes all toasts. */
  async closeToasts(): Promise<void> {
    await this.run("Notifications: Clear All Notifications");
    await expect.poll(() => this.toasts()).toEqual([]);
  }

  /** Texts of the product's status bar items, icons left out. */
  async statusItems(): Promise<string[]> {
    const items = this.#page
      .locator('.statusbar-item[id^="state-swap.state-swap"]')
      .filter({ visible: true });
    return (await items.allInnerTexts()).map((text) => text.replaceAll("\u00a0", " ").trim());
  }

  /** The product's context menu of the editor at a place: labels, and a click on one of them. */
  async contextMenu(file: string, place: Place): Promise<Locator> {
    const box = await this.boxOf(file, place);
    await this.#page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { button: "right" });
    const menu = this.#page.locator(".monaco-menu");
    await menu.first().waitFor();
    return menu;
  }

  /** The hover at a place, by mouse; the caret is put there. */
  async hover(file: string, place: Place): Promise<string> {
    const box = await this.boxOf(file, place);
    // After a context menu the editor still takes the mouse button for pressed, and shows no hover until a click.
    await this.#page.mouse.click(box.x + 1, box.y + box.height / 2);
    const hover = this.#page.locator(".monaco-hover:not(.hidden)").filter({ visible: true });
    // A hover opens on movement, not on rest; one that the editor closed for a redraw opens at the next movement.
    await expect
      .poll(
        async () => {
          await this.#page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
          const shown = await hover
            .first()
            .waitFor({ timeout: 2000 })
            .then(() => true)
            .catch(() => false);
          if (shown) return true;
          await this.#page.mouse.move(box.x + box.width / 2, box.y + 200, { steps: 2 });
          return false;
        },
        { message: `a hover over "${place.text}"` },
      )
      .toBe(true);
    return (await hover.allInnerTexts()).join("\n");
  }

  /** Changes settings of the workspace. The user's own would not be noticed from outside. */
  configure(settings: Readonly<Record<string, unknown>>): void {
    mkdirSync(join(this.#workspace, ".vscode"), { recursive: true });
    const path = join(this.#workspace, ".vscode/settings.json");
    let before: Record<string, unknown> = {};
    try {
      before = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    } catch {
      // None yet.
    }
    writeFileSync(path, JSON.stringify({ ...before, ...settings }, null, 2));
  }

  /** Switches the colour theme and waits until the workbench wears it. */
  async setTheme(theme: Theme): Promise<void> {
    this.configure({ "workbench.colorTheme": themes[theme].name });
    await this.#page.locator(`.monaco-workbench.${themes[theme].root}`).waitFor();
  }

  /** Drags the side bar's edge until it is `width` wide, CSS pixels. */
  async setSideBarWidth(width: number): Promise<void> {
    const side = this.#page.locator(".part.sidebar");
    const box = (await side.boundingBox())!;
    await this.#page.mouse.move(box.x + box.width + 1, box.y + box.height / 2);
    await this.#page.mouse.down();
    await this.#page.mouse.move(box.x + width + 1, box.y + box.height / 2, { steps: 5 });
    await this.#page.mouse.up();
    await expect.poll(async () => Math.abs((await side.boundingBox())!.width - width)).toBeLessThan(8);
  }

  #find(file: string, { text, occurrence = 1 }: Place): { line: number; column: number } {
    const whole = readFileSync(join(this.#workspace, file), "utf8");
    let at = -1;
    for (let i = 0; i < occurrence; i++) {
      at = whole.indexOf(text, at + 1);
      if (at < 0) throw new Error(`"${text}" (${occurrence}) is not in ${file}.`);
    }
    const before = whole.slice(0, at).split("\n");
    return { line: before.length, column: before.at(-1)!.length + 1 };
  }
}
