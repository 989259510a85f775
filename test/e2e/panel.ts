/** Drives and reads the side panel inside its nested webview frames. */
import type { Frame, Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** A cell of the strip as it is drawn. */
export interface StripCell {
  readonly k: number;
  /** source, target, neither, empty or outside. */
  readonly outcome: string;
  readonly current: boolean;
}

/** The panel. Its frame is looked up each time: VS Code replaces it when the view is hidden and shown. */
export class Panel {
  readonly #page: Page;
  readonly #main: string;
  readonly #isMine: (width: number) => boolean;

  /**
   * @param main what the page is told by: the side panel, or an editor that is drawn by the same code
   * @param isMine tells one of several open panels by its width, CSS pixels
   */
  constructor(
    page: Page,
    main = "main.panel:not(.session)",
    isMine: (width: number) => boolean = () => true,
  ) {
    this.#page = page;
    this.#main = main;
    this.#isMine = isMine;
  }

  /** The innermost frame, once it is drawn. */
  async frame(): Promise<Frame> {
    let found: Frame | undefined;
    await expect
      .poll(async () => (found = await this.#find()) !== undefined, { message: "the panel's frame" })
      .toBe(true);
    return found!;
  }

  /** True while the panel is drawn anywhere. */
  async isShown(): Promise<boolean> {
    return (await this.#find()) !== undefined;
  }

  async #find(): Promise<Frame | undefined> {
    for (const frame of this.#page.frames()) {
      const width = await frame
        .evaluate((main) => (document.querySelector(main) ? document.body.clientWidth : 0), this.#main)
        .catch(() => 0);
      if (width > 0 && this.#isMine(width) && (await isVisible(frame))) return frame;
    }
    return undefined;
  }

  /** All visible text. */
  async text(): Promise<string> {
    return (await this.frame()).locator("main.panel").innerText();
  }

  /** Cells of the strip by k; empty without a sweep. */
  async strip(): Promise<StripCell[]> {
    return (await this.frame()).locator(".strip:not(.preview) .strip-cell").evaluateAll((cells) =>
      cells.map((cell) => ({
        k: Number((cell as HTMLElement).dataset.k),
        outcome:
          ["source", "target", "neither", "outside", "empty"].find((name) => cell.classList.contains(name)) ??
          "?",
        current: cell.classList.contains("current"),
      })),
    );
  }

  /** The strip's outcomes as one letter for each k: S, T, n, `-` outside the range, `.` not run. */
  async stripLetters(): Promise<string> {
    const letters: Record<string, string> = {
      source: "S",
      target: "T",
      neither: "n",
      outside: "-",
      empty: ".",
    };
    return (await this.strip()).map((cell) => letters[cell.outcome] ?? "?").join("");
  }

  /** What a screen reader says of the strip. */
  async stripValue(): Promise<string> {
    return (await (await this.frame()).locator(".strip:not(.preview)").getAttribute("aria-valuetext")) ?? "";
  }

  /** What a screen reader says of the heatmap's current cell. */
  async heatmapCell(): Promise<string> {
    return (await this.frame()).locator(".heat [role=gridcell]").innerText();
  }

  /** Waits until no work is under way: the heatmap of the last grid is whole, rows come no more. */
  async idle(): Promise<void> {
    await (await this.frame()).locator(`${this.#main}[data-busy=false]`).waitFor();
  }

  /** Runs the grid and waits until it is whole; until its map stands there, nothing tells that it has begun. */
  async runGrid(): Promise<Frame> {
    await this.press("Run Grid");
    const frame = await this.frame();
    const [map, stale] = [frame.locator(".heat"), frame.locator(".notice.stale")];
    const stands = async (): Promise<boolean> => {
      // On a loaded machine any grid may be expected to take long enough to be asked about.
      if (await this.#wholeGrid.isVisible()) await this.#wholeGrid.click({ timeout: 1000 });
      return (await map.count()) > 0 && (await stale.count()) === 0;
    };
    await expect.poll(stands, { timeout: 120_000 }).toBe(true);
    await this.idle();
    return frame;
  }

  /** Begins a grid that takes its time; where that is asked about, all of it. */
  async startLongGrid(): Promise<void> {
    await this.press("Run Grid");
    const busy = (await this.frame()).locator(`${this.#main}[data-busy=true]`);
    const whole = this.#wholeGrid;
    await expect.poll(async () => (await busy.count()) > 0 || (await whole.isVisible())).toBe(true);
    if (await whole.isVisible()) await whole.click();
  }

  /** The answer to how much of a grid shall run; rows of a list that was closed stay on the page, hidden. */
  get #wholeGrid(): Locator {
    return this.#page.locator(".quick-input-list .monaco-list-row", { hasText: "Whole Grid" });
  }

  /** Opens the set-up of the next run where it is closed, as it is below a result. */
  async openSetup(): Promise<Frame> {
    const frame = await this.frame();
    const toggle = frame.locator(".setup-toggle");
    if ((await toggle.getAttribute("aria-expanded")) === "false") await toggle.click();
    await frame.locator(".setup").waitFor();
    return frame;
  }

  /** Runs what is chosen, whatever the button's word for that is. */
  async run(): Promise<void> {
    await (await this.frame()).locator(".setup-row vscode-button[appearance=primary]").click();
  }

  /** Presses a button by its name. */
  async press(name: string): Promise<void> {
    await (await this.frame()).getByRole("button", { name, exact: true }).click();
  }

  /** True while the shown sweep or grid says that it is out of date. */
  async isStale(): Promise<boolean> {
    return (await (await this.frame()).locator(".notice.stale").count()) > 0;
  }
}

/** False for the frame of a hidden view: VS Code keeps some of them beside the page. */
async function isVisible(frame: Frame): Promise<boolean> {
  for (let at: Frame | null = frame; at?.parentFrame(); at = at.parentFrame()) {
    const element = await at.frameElement().catch(() => null);
    if (!element || !(await element.isVisible().catch(() => false))) return false;
  }
  return true;
}
