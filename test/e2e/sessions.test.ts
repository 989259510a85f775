/** Sessions of one's own in the real editor: save, reopen without a model, run again, two windows, a reload in the middle of a run. */
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { parseSession } from "../../src/shared/session/parse.ts";
import { inlineText, inlineTexts } from "./marks.ts";
import type { Panel } from "./panel.ts";
import type { Session } from "./session.ts";
import { engineProcesses, holdEngineWhen, outputFolder, startSession } from "./session.ts";
import { sessionFiles } from "./session-files.ts";
import { Workbench } from "./workbench.ts";

const file = "capitals.txt";
const line = 6;
const first = "france-italy-swap.swap.json";
const second = "france-spain-swap.swap.json";

describe.skipIf(inject("e2e").skip !== null)("sessions", () => {
  let session: Session;
  let stored: Panel;
  const saved = sessionFiles(() => session);
  const { names: files, read, write, dialog } = saved;

  const inline = (): Promise<string> => inlineText(session.workbench.editor(file), line);

  /** Puts the state of a word over France and waits for the verdict. */
  const swap = async (word: string, { workbench } = session): Promise<void> => {
    await workbench.openFile(file);
    await workbench.selectByKeyboard(file, { text: word });
    await workbench.run("State Swap: Copy State");
    await expect
      .poll(() => inlineTexts(workbench.editor(file)))
      .toContainEqual(
        expect.objectContaining({ text: expect.stringContaining(`state copied: ␣${word}`) as string }),
      );
    await workbench.selectByKeyboard(file, { text: "France" });
    await workbench.run("State Swap: Swap State Here");
    // The source stands on the same line: that its state is copied may follow the result.
    await expect.poll(inline).toMatch(new RegExp(`^flip \\d+/12 .*← ◆${word}(?!\\w)`));
  };
  const closeEditors = (): Promise<void> => session.workbench.run("View: Close All Editors");
  beforeAll(async () => {
    session = await startSession({ name: "sessions", viewport: { width: 1500, height: 1100 } });
    stored = saved.stored();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  it("saves the shown result under a readable name, by key", async () => {
    const { workbench, page } = session;
    await workbench.openFile(file);
    await workbench.run("State Swap: Open Panel");
    await workbench.setSideBarWidth(440);
    await swap("Italy");
    await session.panel.runGrid();
    await workbench.focusEditor(file);
    await page.keyboard.press("Control+K");
    await page.keyboard.press("Shift+S");
    await expect.poll(files).toEqual([first]);
    const { model, sweep, grid, chosen } = parseSession(read(first));
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(sweep?.rows).toHaveLength(12);
    expect(grid?.columns.every((column) => column !== null)).toBe(true);
    expect(chosen.source?.text).toBe(" Italy");
    await session.shot("saved");
  });

  it("updates the same file when the same is saved again, and takes another for another experiment", async () => {
    const { workbench } = session;
    const before = parseSession(read(first));
    await workbench.run("State Swap: Run");
    await expect.poll(inline).toMatch(/^flip \d+\/12 /);
    await workbench.run("State Swap: Save Session");
    await expect.poll(() => parseSession(read(first)).savedAt).not.toBe(before.savedAt);
    expect(files()).toEqual([first]);
    await swap("Spain");
    await session.panel.runGrid();
    await workbench.focusEditor(file);
    await workbench.run("State Swap: Save Session");
    await expect.poll(files).toEqual([first, second]);
  });

  it("opens a saved file after everything was closed, without a model or an engine", async () => {
    const { workbench, page, server } = session;
    await workbench.run("State Swap: Clear All Results");
    await closeEditors();
    await page.reload();
    await page.locator(".explorer-viewlet, .part.sidebar").first().waitFor();
    await expect.poll(() => engineProcesses(server)).toEqual([]);
    await saved.open(first);
    const frame = await stored.frame();
    const flip = parseSession(read(first)).sweep!.flip!.k;
    await expect.poll(() => stored.stripLetters()).toBe("S".repeat(flip) + "T".repeat(12 - flip));
    expect(await frame.locator(".session-head").innerText()).toContain(first);
    expect(await frame.locator(".heat").count()).toBe(1);
    expect(await frame.getByRole("button", { name: /Run/ }).count()).toBe(0);
    expect(engineProcesses(server), "an engine was started").toEqual([]);
    await session.shot("reopened");
  });

  it("follows the file on disk, and says what is wrong with it and where", async () => {
    const { server } = session;
    const whole = read(first);
    write(first, whole.slice(0, Math.floor(whole.length / 2)));
    const frame = await stored.frame();
    await frame.getByRole("alert").waitFor();
    expect(await frame.getByRole("alert").innerText()).toMatch(/damaged: line \d+, column \d+/);
    await session.shot("damaged");
    write(first, whole);
    await expect.poll(() => frame.getByRole("alert").count()).toBe(0);
    await expect.poll(() => frame.locator(".heat").count()).toBe(1);
    expect(engineProcesses(server)).toEqual([]);
  });

  it("runs it again on demand, finds nothing different, and leaves the file alone", async () => {
    const { workbench } = session;
    const before = read(first);
    await workbench.run("State Swap: Run Session Again");
    const frame = await stored.frame();
    const notice = frame.getByRole("region", { name: "Run again, compared" });
    await notice.waitFor();
    expect(await notice.innerText()).toMatch(/Nothing differs beyond 1e-3: \d+ rows and cells compared/);
    expect(read(first)).toBe(before);
    await session.shot("same-again");
  });

  it("lists what a run again gives differently, and writes it only when asked", async () => {
    const { workbench, page } = session;
    const whole = parseSession(read(first));
    const changed = read(first).replace(
      /("targetLogprob": )(-?[\d.e-]+)/,
      (_, name: string, value: string) => `${name}${Number(value) - 0.5}`,
    );
    expect(changed).not.toBe(read(first));
    write(first, changed);
    await workbench.run("State Swap: Run Session Again");
    const frame = await stored.frame();
    const notice = frame.getByRole("region", { name: "Run again, compared" });
    await expect
      .poll(() => notice.innerText().catch(() => ""))
      .toMatch(/1 of \d+ rows and cells differ beyond 1e-3/);
    expect(await notice.locator("tbody tr").allInnerTexts()).toEqual([
      expect.stringContaining("log p(target)"),
    ]);
    expect(read(first)).toBe(changed);
    await session.shot("differs");
    await notice.getByRole("button", { name: "Save New Result…" }).click();
    await dialog().getByRole("button", { name: "Replace the Stored Result" }).click();
    await expect
      .poll(() => parseSession(read(first)).sweep?.rows[0]?.targetLogprob)
      .toBe(whole.sweep?.rows[0]?.targetLogprob);
    await expect.poll(() => notice.count()).toBe(0);
    expect(await page.locator(".notification-toast").count()).toBe(0);
  });

  it("goes back to the prompt with the result", async () => {
    const { workbench } = session;
    await closeEditors();
    await saved.openFromList(first);
    await workbench.run("State Swap: Open Session in Prompt");
    await workbench.editor(file).locator(".view-line").first().waitFor();
    await expect.poll(inline).toMatch(/^flip \d+\/12 .*Italy$/);
    await expect.poll(() => session.panel.stripLetters()).toMatch(/^S+T+$/);
    expect(await session.panel.isStale()).toBe(false);
    await session.shot("in-prompt");
  });

  it("asks before it writes over what another window has written", async () => {
    const { workbench, page, server } = session;
    const other = await page.context().newPage();
    const second = new Workbench(other, server.workspace);
    await second.open(server.url);
    await saved.open(first, other);
    await second.run("State Swap: Open Session in Prompt");
    await expect.poll(() => inlineText(second.editor(file), line)).toMatch(/^flip \d+\/12 .*Italy$/);
    await page.bringToFront();
    await workbench.focusEditor(file);
    const before = parseSession(read(first)).savedAt;
    await workbench.run("State Swap: Save Session");
    await expect.poll(() => parseSession(read(first)).savedAt).not.toBe(before);
    const mine = read(first);
    await other.bringToFront();
    await second.focusEditor(file);
    await second.run("State Swap: Save Session");
    await dialog(other).getByText("was changed on disk").waitFor();
    await other.screenshot({ path: join(outputFolder, "sessions/two-windows.png") });
    await dialog(other).getByRole("button", { name: "Cancel" }).click();
    expect(read(first)).toBe(mine);
    await second.run("State Swap: Save Session");
    await dialog(other).getByRole("button", { name: "Overwrite" }).click();
    await expect.poll(() => read(first)).not.toBe(mine);
    // Damaged in between: refused, whatever is answered.
    write(first, mine.slice(0, 999));
    await page.bringToFront();
    await workbench.run("State Swap: Save Session");
    await workbench.toast(/is not written over/);
    expect(read(first)).toBe(mine.slice(0, 999));
    await session.shot("refused");
    write(first, mine);
    await workbench.closeToasts();
    await other.close();
  });

  it("loses no finished row when the window is reloaded in the middle of a run", async () => {
    const { workbench, page, panel, server } = session;
    await page.bringToFront();
    await closeEditors();
    await workbench.run("State Swap: Clear All Results");
    await swap("Italy");
    await workbench.focusEditor(file);
    // Fifty seeds of noise take long enough to be stopped in the middle.
    await workbench.run("State Swap: Open Panel");
    const frame = await panel.frame();
    await frame.locator(".condition-line").click();
    await frame.getByRole("radio", { name: /^Random/ }).click();
    const seeds = frame.locator("vscode-text-field", { hasText: "Number of seeds" }).locator("input");
    await panel.openSetup();
    await seeds.fill("50");
    await seeds.press("Enter");
    const rowsDrawn = (): Promise<number> => panel.frame().then((at) => at.locator(".seed-stack i").count());
    await panel.run();
    await holdEngineWhen(server, async () => (await rowsDrawn()) > 20);
    // The engine stands still: what it has sent is drawn once a whole second brings no row.
    let kept = -1;
    await expect
      .poll(
        async () => {
          const before = kept;
          kept = await rowsDrawn();
          return kept === before;
        },
        { interval: 1000 },
      )
      .toBe(true);
    const isPartial = kept < 600;
    await page.reload();
    await page.locator(".part.sidebar").first().waitFor();
    // Which editor was active last is kept now and then only.
    await workbench.openFile(file);
    await expect.poll(rowsDrawn).toBe(kept);
    expect(isPartial, `${kept} rows before the reload`).toBe(true);
    await expect.poll(() => panel.text()).toContain("Incomplete");
    await expect.poll(inline).toMatch(/lost/);
    await session.shot("after-reload");
    await panel.run();
    await expect.poll(rowsDrawn).toBe(600);
    await expect.poll(() => panel.isStale()).toBe(false);
    expect(files().filter((name) => !name.endsWith(".swap.json"))).toEqual([]);
  });

  it("asked no other host", () => {
    expect(session.outside).toEqual([]);
  });
});
