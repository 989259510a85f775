/**
 * The panel's states in a real VS Code, in every theme and from 250 to 800 px: axe runs on each, and those of SHOWN are
 * written to media/screenshots. `npm run screenshots`; the numbers are SmolLM2's: `npm run model:smollm2` first.
 */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { violations } from "../support/axe.ts";
import { inlineText } from "./marks.ts";
import type { Session } from "./session.ts";
import { engineProcesses, holdEngineWhen, startSession } from "./session.ts";
import { settled, wears } from "./settled.ts";
import type { Theme } from "./workbench.ts";
import { themes } from "./workbench.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "media/screenshots");
const model = join(root, "models/SmolLM2-135M-Instruct.Q4_1.gguf");
const file = "capitals.txt";
/** Line of the target prompt's end, 1-based. */
const line = 6;
const table = "countries.csv";
const countries = ["France", "Spain", "Japan", "Germany", "Poland", "Egypt"];
const patience = { timeout: 150_000 };

/** Widths of the panel, CSS pixels; VS Code's default is 300. */
const WIDTHS = [250, 300, 470, 800] as const;
type Width = (typeof WIDTHS)[number];
/** Beside the panel: the bar of activities, and the editor. */
const ACTIVITIES = 48;
const EDITOR = 560;
const HEIGHT = 800;
const allThemes = Object.keys(themes) as Theme[];
const both = ["dark", "light"] as const satisfies readonly Theme[];

type State =
  "first-run" | "copied" | "running" | "result" | "held" | "runs" | "stale" | "error" | "many-prompts";

/** Pictures that are kept beyond 300 px in dark and light, which each state has with its editor: of the panel alone. */
const SHOWN: Readonly<Partial<Record<State, Readonly<Partial<Record<Width, readonly Theme[]>>>>>> = {
  "first-run": { 250: ["dark"] },
  result: { 250: allThemes, 300: ["hc-dark", "hc-light"], 470: allThemes, 800: allThemes },
  held: { 300: ["hc-dark", "hc-light"], 470: both },
  runs: { 300: ["hc-dark", "hc-light"], 470: both },
  "many-prompts": { 250: ["dark"], 800: both },
};

describe.skipIf(inject("e2e").skip !== null)("screenshots of the panel's states", () => {
  let session: Session;
  const inline = (): Promise<string> => inlineText(session.workbench.editor(file), line);

  beforeAll(async () => {
    if (!existsSync(model)) throw new Error("Run `npm run model:smollm2` first (98 MB).");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    session = await startSession({
      name: "screenshots",
      viewport: { width: ACTIVITIES + 300 + EDITOR, height: HEIGHT },
      files: {
        [table]: `prompt,target\n${countries.map((name) => `The capital of ${name} is the city of,${name}\n`).join("")}`,
      },
      settings: {
        "editor.minimap.enabled": false,
        "editor.cursorBlinking": "solid",
        "workbench.layoutControl.enabled": false,
        "breadcrumbs.enabled": false,
        "window.commandCenter": false,
      },
    });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  /** Makes the panel `width` wide, and the window as wide as that and an editor of always the same width. */
  const setWidth = async (width: Width): Promise<void> => {
    await session.page.setViewportSize({ width: ACTIVITIES + width + EDITOR, height: HEIGHT });
    await session.workbench.setSideBarWidth(width);
    await session.page.mouse.move(ACTIVITIES + width + EDITOR / 2, HEIGHT / 2);
  };

  const wear = async (theme: Theme): Promise<void> => {
    await session.workbench.setTheme(theme);
    await wears(await session.panel.frame(), theme);
    await settled(session.page);
  };

  /** What axe finds in the panel's frame; its ground is VS Code's, behind the frame, where axe would take it for white. */
  const faults = async (): Promise<string[]> => {
    const frame = await session.panel.frame();
    await frame.evaluate(() => {
      document.documentElement.style.background = "var(--vscode-sideBar-background)";
    });
    const found = await violations(frame);
    await frame.evaluate(() => {
      document.documentElement.style.background = "";
    });
    return found;
  };

  const keep = async (name: string, alone: boolean): Promise<void> => {
    const box = await session.page.locator(".part.sidebar").boundingBox();
    await session.page.screenshot({
      path: join(folder, `${name}.png`),
      animations: "disabled",
      ...(alone && { clip: box! }),
    });
  };

  /** Goes through a state's widths and themes; the default width stands last, so that the next step starts from it. */
  const show = async (state: State, before?: () => Promise<void>): Promise<void> => {
    const found: string[] = [];
    for (const width of [...WIDTHS].sort((a, b) => Number(a === 300) - Number(b === 300))) {
      const kept = SHOWN[state]?.[width] ?? [];
      if (width !== 300 && kept.length === 0) continue;
      await setWidth(width);
      for (const theme of width === 300 ? [...allThemes].reverse() : kept) {
        await before?.();
        await wear(theme);
        const name = `${state}-${width}-${theme}`;
        found.push(...(await faults()).map((fault) => `${name}: ${fault}`));
        const isWhole = width === 300 && (theme === "dark" || theme === "light");
        if (isWhole || kept.includes(theme)) await keep(name, !isWhole);
      }
    }
    expect(found).toEqual([]);
  };

  it("first run", async () => {
    const { workbench, panel } = session;
    await workbench.openFile(file);
    await workbench.run("State Swap: Open Panel");
    await expect.poll(() => panel.text()).toContain("Stored result of the demo");
    await show("first-run");
  });

  it("a state copied", async () => {
    const { workbench, page, panel } = session;
    workbench.configure({ "stateSwap.model": model });
    await workbench.selectByKeyboard(file, { text: "Italy" });
    await workbench.run("State Swap: Copy State");
    await expect.poll(() => inlineText(workbench.editor(file), 1), patience).toContain("state copied");
    await expect.poll(() => panel.text()).toContain("copied from");
    await page.keyboard.press("End");
    await show("copied");
  });

  it("a grid under way", async () => {
    const { workbench, panel, page, server } = session;
    await workbench.selectByKeyboard(file, { text: "France" });
    await workbench.run("State Swap: Swap State Here");
    await expect.poll(inline, patience).toMatch(/^flip \d+\/30 /);
    await page.keyboard.press("End");
    await panel.startLongGrid();
    const frame = await panel.frame();
    let held = 4;
    const hold = (): Promise<() => void> =>
      holdEngineWhen(server, async () => {
        const [count] = await frame.locator(".progress-count").allInnerTexts();
        return Number(/^(\d+) of/.exec(count ?? "")?.[1] ?? 0) > held;
      });
    let goOn = await hold();
    try {
      // One that is held for longer than 20 s is taken for hung: between two pictures it runs for a token.
      await show("running", async () => {
        goOn();
        held++;
        goOn = await hold();
      });
    } finally {
      goOn();
    }
  });

  it("a result with its map", async () => {
    const frame = await session.panel.frame();
    await expect.poll(() => frame.locator(".progress").count(), patience).toBe(0);
    await frame.locator(".heat").waitFor();
    await show("result");
  });

  it("a cell that is held", async () => {
    const { panel } = session;
    const frame = await panel.frame();
    const heat = frame.locator(".heat");
    await heat.focus();
    await heat.press("Home");
    for (let i = 0; i < 4; i++) await heat.press("ArrowRight");
    for (let i = 0; i < 2; i++) await heat.press("ArrowUp");
    await heat.press("Enter");
    await expect.poll(() => panel.heatmapCell()).toMatch(/locked$/);
    await panel.idle();
    await show("held");
    await heat.press("Escape");
  });

  it("runs of a prompt", async () => {
    const { panel } = session;
    const frame = await panel.frame();
    for (const kind of ["random", "freeze", "skip-attention"]) {
      await frame.locator(".condition-line").click();
      await frame.locator(`.condition-card[data-kind="${kind}"]`).click();
      await panel.run();
      await expect
        .poll(inline, patience)
        .toMatch(new RegExp(`^(flip|never|no flip).*${kind.slice(0, 4)}`, "i"));
      await panel.idle();
    }
    await show("runs");
  });

  it("a result that an edit has put out of date", async () => {
    const { workbench, page, panel } = session;
    await workbench.focusEditor(file);
    await workbench.goTo(5, 5);
    await page.keyboard.type("Well, ");
    await expect.poll(() => panel.isStale()).toBe(true);
    await show("stale");
    while (await panel.isStale()) await page.keyboard.press("Control+Z");
  });

  it("an engine that was lost", async () => {
    const { workbench, panel, server } = session;
    const [engine] = engineProcesses(server);
    await workbench.focusEditor(file);
    // Held still, so that the run cannot end before the kill.
    process.kill(engine!, "SIGSTOP");
    await workbench.run("State Swap: Run");
    await expect.poll(inline).toContain("running");
    process.kill(engine!, "SIGKILL");
    await workbench.toast(/engine/i);
    await (await panel.frame()).locator(".notice.error").waitFor();
    await show("error");
    await workbench.closeToasts();
  });

  it("many prompts", async () => {
    const { workbench, panel } = session;
    await workbench.openFile(table);
    await workbench.run("State Swap: Swap State Here");
    const frame = await panel.frame();
    await expect
      .poll(() => frame.locator(".section-many .section-fact").first().innerText(), patience)
      .toBe(`${countries.length} of ${countries.length}`);
    await panel.idle();
    await show("many-prompts");
  });
});
