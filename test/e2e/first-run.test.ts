/** The first minutes: a fresh profile without a folder, the walkthrough, the demo, the samples. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { localizedManifest } from "../support/localized-manifest.ts";
import { inlineText, inlineTexts } from "./marks.ts";
import type { Session } from "./session.ts";
import { engineProcesses, isActivated, startSession } from "./session.ts";
import { dialogButton } from "./workbench.ts";

const root = join(import.meta.dirname, "../..");
/** Line of the demo's target prompt's end, 1-based. */
const targetLine = 6;
/** From the click on a fresh install to the first inline row, on a machine that does other things too. */
const mostSeconds = 15;

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly {
      readonly title: string;
      readonly steps: readonly { readonly title: string; readonly media: { readonly svg: string } }[];
    }[];
  };
}
const { contributes } = localizedManifest() as Manifest;
const { steps } = contributes.walkthroughs[0]!;

describe.skipIf(inject("e2e").skip !== null)("the first run", () => {
  let session: Session;
  const untitled = () => session.page.locator('.monaco-editor[data-uri^="untitled:"]').last();
  const walkthrough = () => session.page.locator(".gettingStartedContainer");
  const button = (name: string) =>
    walkthrough().getByRole("button", { name, exact: true }).filter({ visible: true });

  beforeAll(async () => {
    session = await startSession({ name: "first-run", viewport: { width: 1500, height: 950 } });
    // No folder: what a user has who has just installed VS Code.
    await session.page.goto(new URL("/?ew=true", session.server.url).href);
    await session.page.locator(".monaco-workbench .statusbar").waitFor();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  /** Opens a step of the walkthrough. */
  const openStep = async (title: string): Promise<void> => {
    const step = walkthrough().locator(".getting-started-step", { hasText: title }).first();
    if (!(await step.evaluate((element) => element.classList.contains("expanded")))) await step.click();
    await expect.poll(() => step.evaluate((element) => element.classList.contains("expanded"))).toBe(true);
  };

  /** The frame that draws a picture, found by its words. */
  const pictureFrame = async (label: string): Promise<Frame> => {
    let found: Frame | undefined;
    await expect
      .poll(
        async () => {
          for (const frame of session.page.frames()) {
            const is = await frame
              .evaluate(
                (wanted) => document.querySelector("svg[role=img]")?.getAttribute("aria-label") === wanted,
                label,
              )
              .catch(() => false);
            if (is) found = frame;
          }
          return found !== undefined;
        },
        { message: `the picture “${label}”` },
      )
      .toBe(true);
    return found!;
  };

  it("opens the walkthrough, which starts no engine", async () => {
    const { workbench, server } = session;
    await workbench.run("State Swap: Open Walkthrough");
    await walkthrough().getByText("Get Started with State Swap").first().waitFor();
    for (const { title } of steps) await walkthrough().getByText(title, { exact: true }).first().waitFor();
    expect(engineProcesses(server)).toEqual([]);
    expect(isActivated(server)).toBe(true);
  });

  it("shows a picture with every step, in the theme's colours", async () => {
    for (const { title, media } of steps) {
      await openStep(title);
      const label = /aria-label="([^"]+)"/.exec(readFileSync(join(root, media.svg), "utf8"))![1]!;
      const frame = await pictureFrame(label.replaceAll("&amp;", "&").replaceAll("&quot;", '"'));
      const drawn = await frame.evaluate(() => {
        const svg = document.querySelector("svg")!;
        const ground = svg.querySelector("rect")!;
        const probe = document.createElement("span");
        probe.style.color = "var(--vscode-editor-background)";
        document.body.append(probe);
        const expected = getComputedStyle(probe).color;
        probe.remove();
        return {
          width: svg.getBoundingClientRect().width,
          fill: getComputedStyle(ground).fill,
          expected,
          source: getComputedStyle(document.documentElement).getPropertyValue("--vscode-stateSwap-source"),
        };
      });
      expect(drawn.width, title).toBeGreaterThan(300);
      expect(drawn.fill, title).toBe(drawn.expected);
      expect(drawn.source, title).not.toBe("");
      await session.shot(`step-${media.svg.replace(/^.*\/|\.svg$/g, "")}`);
    }
  });

  it("runs the demo from the walkthrough, beside it, in seconds", async () => {
    await openStep(steps[0]!.title);
    const start = performance.now();
    await button("Run Demo").click();
    await untitled().waitFor();
    await expect.poll(() => inlineText(untitled(), targetLine), { interval: 20 }).toMatch(/Rome|\d+\/12/);
    const first = (performance.now() - start) / 1000;
    await expect.poll(() => inlineText(untitled(), targetLine)).toMatch(/^flip \d+\/12/);
    const whole = (performance.now() - start) / 1000;
    writeFileSync(
      join(root, "test-output/e2e/first-run/seconds.json"),
      JSON.stringify({ firstInlineRow: first, wholeSweep: whole }),
    );
    console.log(`  demo: first inline row after ${first.toFixed(1)} s, all after ${whole.toFixed(1)} s`);
    expect(first).toBeLessThan(mostSeconds);
    expect(await walkthrough().isVisible()).toBe(true);
    await session.shot("demo");
  });

  it("steps and runs the grid from the walkthrough's buttons", async () => {
    const { panel } = session;
    const shownK = async (): Promise<number> => (await panel.strip()).find((cell) => cell.current)?.k ?? -1;
    const before = await shownK();
    await openStep("Step Through k");
    await button("Step Layer Down").click();
    await expect.poll(shownK).toBe(before - 1);
    await button("Step Layer Up").click();
    await expect.poll(shownK).toBe(before);
    await openStep("Run the Grid");
    await button("Run Grid").click();
    await expect.poll(async () => (await panel.frame()).locator(".heat").count()).toBe(1);
    await session.shot("grid-from-walkthrough");
  });

  it("copies a state and swaps it in from the walkthrough, at the selection of the editor beside it", async () => {
    const { page } = session;
    await openStep("Copy a State, Swap It In");
    const select = async (word: string): Promise<void> => {
      const box = await session.workbench.boxOf(await untitledName(), { text: word });
      await page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2);
    };
    await select("Madrid");
    await button("Copy State").click();
    await expect
      .poll(async () => (await inlineTexts(untitled())).map(({ text }) => text))
      .toContainEqual(expect.stringContaining("state copied: ␣Madrid"));
    await select("Spain");
    await button("Swap State Here").click();
    await expect
      .poll(() => inlineText(untitled(), targetLine))
      .toMatch(/^(flip|never changes|no flip).*← ◆Madrid/);
    await session.shot("swapped-from-walkthrough");
  });

  const untitledName = async (): Promise<string> => {
    const uri = (await untitled().getAttribute("data-uri")) ?? "";
    return uri.replace("untitled:", "").split("/").at(-1)!;
  };

  it("opens a second demo where the first was edited, and leaves the edited text as it is", async () => {
    const { page, workbench } = session;
    await untitled().locator("textarea, .native-edit-context").first().focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" mine");
    await workbench.run("State Swap: Run Demo");
    await expect.poll(() => page.locator(".tab", { hasText: "Untitled" }).count()).toBe(2);
    await expect.poll(() => inlineText(untitled(), targetLine)).toMatch(/^flip \d+\/12/);
    const texts = await page
      .locator(".tab", { hasText: "Untitled" })
      .evaluateAll((tabs) => tabs.map((tab) => tab.getAttribute("aria-label") ?? ""));
    expect(texts).toHaveLength(2);
    await page.locator(".tab", { hasText: "Untitled" }).first().click();
    await expect.poll(() => untitled().innerText()).toContain("mine");
  });

  it("copies the samples into a chosen folder and never over what is there", async () => {
    const { workbench, server, page } = session;
    const folder = join(server.folder, "my-folder");
    mkdirSync(folder);
    const copy = async (): Promise<void> => {
      await workbench.run("State Swap: Open Samples…");
      await page.locator(".quick-input-title", { hasText: "Folder for the Samples" }).waitFor();
      await workbench.quickPickRow("..").first().waitFor();
      await page.locator(".quick-input-widget input[type=text]").fill(`${folder}/`);
      await page.getByRole("button", { name: dialogButton("Copy Samples Here") }).click();
    };
    await copy();
    const shipped = readdirSync(join(root, "samples"));
    // The demo's session comes with them.
    const toast = await workbench.toast(`${shipped.length + 1} samples were copied to`);
    await session.shot("samples-copied");
    const made = join(folder, "state-swap-samples");
    for (const name of shipped) {
      expect(readFileSync(join(made, name), "utf8"), name).toBe(
        readFileSync(join(root, "samples", name), "utf8"),
      );
    }
    const saved = readFileSync(join(made, "sessions/france-italy-swap.swap.json"), "utf8");
    expect(saved).toBe(readFileSync(join(root, "media/demo.swap.json"), "utf8"));
    writeFileSync(join(made, "capitals.txt"), "mine");
    await toast.getByRole("button", { name: "Clear Notification" }).click();
    await copy();
    const again = await workbench.toast("already. Nothing was changed.");
    expect(readFileSync(join(made, "capitals.txt"), "utf8")).toBe("mine");
    await again.getByRole("button", { name: "Open", exact: true }).click();
    // Two untitled demos are open: the window asks what becomes of them only where it would lose them.
    await page.locator(".explorer-viewlet [role=treeitem]", { hasText: "questions.txt" }).waitFor();
    await session.shot("samples-opened");
  });

  it("asked no other host for anything", () => {
    expect(session.outside).toEqual([]);
  });
});
