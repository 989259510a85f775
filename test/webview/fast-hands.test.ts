/** Keys and pointers that come faster than drawings and snapshots: each counts. */
import { describe, expect, it } from "vitest";
import { INITIAL_CHOICE } from "../../src/shared/condition/condition-choice.ts";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import type { SessionView } from "../../src/shared/protocol/session-page.ts";
import { DEMO_STATE } from "../support/panel/snapshots.ts";
import type { Panel, PanelOptions } from "./harness.ts";
import { canRun, openFolds, usePanels } from "./harness.ts";
import { clicks, keys, takes, types, withChoice } from "./one-task.ts";

describe.skipIf(!canRun())("fast hands", () => {
  const open = usePanels();
  const show = (state: PanelState = DEMO_STATE, options: PanelOptions = {}): Promise<Panel> =>
    open({ state, setup: true, ...options });
  describe("on the layer range", () => {
    it("move a handle by as many blocks as keys", async () => {
      const panel = await show();
      const from = panel.page.getByRole("slider", { name: "First k" });
      await keys(from, "ArrowRight", "ArrowRight", "PageUp", "ArrowLeft");
      expect(await panel.newIntents()).toEqual(
        [1, 2, 5, 4].map((k) => ({ type: "setLayers", from: k, to: 29 })),
      );
      expect(await from.getAttribute("aria-valuenow")).toBe("4");
    });

    it("lose no key that comes right after the host's answer to the one before", async () => {
      const panel = await show();
      await panel.page.evaluate(async (state) => {
        const from = document.querySelector("[data-handle=from]")!;
        const press = (): void => {
          from.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
        };
        const nextTask = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 0));
        press();
        await nextTask();
        const heard = new Promise((resolve) => {
          window.addEventListener("message", resolve, { once: true });
        });
        window.postMessage({ type: "state", state: { ...state, layers: { from: 1, to: 29 } } }, "*");
        await heard;
        // The snapshot is drawn; what follows a drawing has not run yet.
        await Promise.resolve();
        press();
        await nextTask();
        press();
      }, DEMO_STATE);
      expect(await panel.newIntents()).toEqual(
        [1, 2, 3].map((k) => ({ type: "setLayers", from: k, to: 29 })),
      );
    });

    it("move both ends by fields and handles together", async () => {
      const panel = await show();
      await keys(panel.page.getByRole("slider", { name: "Last k" }), "ArrowLeft", "ArrowLeft");
      await types(panel, ["First k of the range", "3"], ["Last k of the range", "12"]);
      await types(panel, ["Last k of the range", "29"]);
      expect(await panel.newIntents()).toEqual([
        { type: "setLayers", from: 0, to: 28 },
        { type: "setLayers", from: 0, to: 27 },
        { type: "setLayers", from: 3, to: 27 },
        { type: "setLayers", from: 3, to: 12 },
        { type: "setLayers", from: 3, to: 29 },
      ]);
    });

    it("drag a handle there and back before the host has answered, and in one task", async () => {
      const panel = await show();
      const box = (await panel.page.locator(".layer-track").boundingBox())!;
      const at = (k: number): number => box.x + ((k + 0.5) * box.width) / 30;
      const y = box.y + box.height / 2;
      const { mouse } = panel.page;
      await mouse.move(at(0), y);
      await mouse.down();
      await mouse.move(at(6), y);
      await mouse.up();
      await mouse.down();
      await mouse.move(at(0), y);
      await mouse.up();
      expect(await panel.newIntents()).toEqual([
        { type: "setLayers", from: 6, to: 29 },
        { type: "setLayers", from: 0, to: 29 },
      ]);
      await panel.page.locator(".layer-track").evaluate(
        (track, [first, last, top]) => {
          const event = (type: string, clientX: number): void => {
            const where = { clientX, clientY: top, pointerId: 1, bubbles: true };
            track.dispatchEvent(new PointerEvent(type, where));
          };
          event("pointerdown", first);
          event("pointermove", last);
          event("pointerup", last);
        },
        [at(1), at(4), y] as const,
      );
      expect(await panel.newIntents()).toEqual([{ type: "setLayers", from: 4, to: 29 }]);
    });
  });

  it("step through k by strip and by buttons as often as they are pressed, and no further than the sweep", async () => {
    const panel = await show();
    await keys(
      panel.page.getByRole("slider", { name: /Sweep/ }),
      "ArrowRight",
      "ArrowRight",
      "ArrowLeft",
      "PageUp",
    );
    const strip = [18, 19, 18, 21].map((k) => ({ type: "stepTo", k }));
    expect(await panel.newIntents()).toEqual(strip);
    await panel.send({ ...DEMO_STATE, k: 21 });
    await panel.send({ ...DEMO_STATE, k: 27 });
    await clicks(panel.page.locator(".section-answers .icon-button"), false, 1, 1, 1, 0);
    expect(await panel.newIntents()).toEqual([28, 29, 28].map((k) => ({ type: "stepTo", k })));
  });

  it("add tokens one by one, and choose where the arrows went", async () => {
    const panel = await show();
    const target = panel.page.getByRole("listbox", { name: /Target/ });
    await clicks(target.getByRole("option"), true, 7, 9, 21);
    expect(await panel.newIntents()).toEqual(
      [
        [7, 21],
        [7, 9, 21],
        [7, 9],
      ].map((positions) => ({ type: "setPositions", side: "target", positions })),
    );
    await panel.page.getByRole("option", { name: /^token 21,/ }).focus();
    await keys(target, "ArrowLeft", "ArrowLeft", "Enter");
    expect((await panel.newIntents()).at(-1)).toEqual({
      type: "setPositions",
      side: "target",
      positions: [19],
    });
  });

  it("walk over the conditions, and back to the first", async () => {
    const panel = await show(withChoice({ kind: "freeze" }));
    await panel.page.locator(".condition-line").click();
    const kinds = await panel.page
      .getByRole("radio")
      .evaluateAll((cards) => cards.map((card) => card.getAttribute("data-kind")!));
    const at = kinds.indexOf("freeze");
    await keys(panel.page.getByRole("radiogroup"), "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft");
    expect(await panel.newIntents()).toEqual(
      [1, 2, 1, 0].map((by) => ({ type: "setCondition", choice: { kind: kinds[at + by] } })),
    );
  });

  it("lock the cell where the arrows went, and unlock it", async () => {
    const panel = await show({ ...DEMO_STATE, k: null, cell: null });
    const grid = panel.page.getByRole("grid");
    await grid.focus();
    await keys(grid, "ArrowRight", "ArrowRight", "ArrowUp", "Enter", "Enter", "Enter", "Escape");
    const lock = { type: "lockCell", position: 20, k: 2 };
    const unlock = { type: "unlockCell" };
    expect(await panel.newIntents()).toEqual([lock, unlock, lock, unlock]);
  });

  it("point at one cell and back at another, and the latter is previewed", async () => {
    const panel = await show({ ...DEMO_STATE, k: null, cell: null }, { height: 1150 });
    await openFolds(panel.page);
    await panel.page.locator(".heat-plot").evaluate(async (plot) => {
      const box = plot.getBoundingClientRect();
      const move = (row: number, column: number): void => {
        const where = {
          clientX: box.left + ((column + 0.5) * box.width) / 30,
          clientY: box.top + row * 15 + 7,
        };
        plot.dispatchEvent(new PointerEvent("pointermove", { ...where, bubbles: true }));
      };
      move(18, 8);
      await new Promise((resolve) => setTimeout(resolve, 50));
      move(19, 9);
      move(18, 8);
    });
    await expect.poll(() => panel.page.locator(".cell-line").textContent()).toContain("@18 · k 8");
  });

  it("keep a number that is being typed when a snapshot comes", async () => {
    const state = withChoice({ kind: "swap" });
    const panel = await show(state);
    const strength = panel.page.getByRole("textbox", { name: "Strength, 0 to 1" });
    await strength.selectText();
    await strength.pressSequentially("0.7");
    await panel.send({ ...state, layers: { from: 3, to: 29 } });
    await strength.pressSequentially("5");
    await strength.press("Enter");
    expect(await panel.newIntents()).toEqual([{ type: "setCondition", choice: { strength: 0.75 } }]);
    expect(await strength.inputValue()).toBe("0.75");
    await panel.send({ ...withChoice({ kind: "swap", strength: 0.5 }), layers: { from: 3, to: 29 } });
    await expect.poll(() => strength.inputValue()).toBe("0.5");
  });

  it("change an option and change it back: the host hears both", async () => {
    const panel = await show(withChoice({ kind: "random" }));
    await types(panel, ["Number of seeds", "5"], ["Number of seeds", "1"], ["Strength, 0 to 1", "0,5"]);
    const bos = panel.page.getByRole("checkbox", { name: "Leave BOS as it is" });
    await bos.evaluate((element) => {
      (element as HTMLElement).click();
      (element as HTMLElement).click();
    });
    await takes(
      panel.page.getByRole("combobox", { name: "Which tokens are replaced" }),
      "chosen",
      "all-but-last",
    );
    const { excludeBos, seeds } = INITIAL_CHOICE;
    const choices = [
      { seeds: 5 },
      { seeds },
      { strength: 0.5 },
      { excludeBos: !excludeBos },
      { excludeBos },
      { where: "chosen" },
      { where: "all-but-last" },
    ];
    expect(await panel.newIntents()).toEqual(choices.map((choice) => ({ type: "setCondition", choice })));
  });

  it("name an answer and take the name back: the host hears both", async () => {
    const panel = await show();
    await panel.page.getByRole("button", { name: "Change answers" }).click();
    const { source } = DEMO_STATE.answers;
    await types(panel, ["Source answer", "Lyon"], ["Source answer", source]);
    expect(await panel.newIntents()).toEqual(
      ["Lyon", source].map((text) => ({ type: "setAnswers", answers: { source: text } })),
    );
  });

  it("fold two sections, open and close a drawer: each does what it says", async () => {
    const panel = await show();
    await clicks(panel.page.locator(".section-head h2 button"), false, 0, 1);
    expect(
      await panel.page
        .locator(".section-head h2 button")
        .evaluateAll((buttons) => buttons.map((button) => button.getAttribute("aria-expanded"))),
    ).toEqual(["false", "false", "true"]);
    await clicks(panel.page.locator(".condition-line"), false, 0, 0);
    expect(await panel.page.getByRole("radiogroup").count()).toBe(0);
  });

  it("ask for as many tokens as were typed just before", async () => {
    const panel = await show({ ...DEMO_STATE, sweep: { ...DEMO_STATE.sweep!, continuations: null } });
    await panel.page.evaluate(() => {
      const block = document.querySelector(".continuation")!;
      const field = block.querySelector<HTMLInputElement>("vscode-text-field")!;
      field.value = "7";
      field.dispatchEvent(new Event("change"));
      block.querySelector<HTMLElement>("vscode-button")!.click();
    });
    expect(await panel.newIntents()).toEqual([{ type: "continue", k: 17, tokens: 7 }]);
  });

  it("step and unlock on a session's page: the step stands", async () => {
    const panel = await open({ view: "session" });
    const view: SessionView = {
      file: "a.swap.json",
      panel: { ...DEMO_STATE, cell: { position: 21, k: 10 } },
      facts: [],
      damage: null,
      rerun: null,
      progress: null,
      error: null,
    };
    await panel.sendMessage({ type: "session", view });
    await panel.page.evaluate(() => {
      const press = (element: Element, key: string): void => {
        element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      };
      press(document.querySelector(".strip")!, "ArrowRight");
      press(document.querySelector(".heat")!, "Escape");
    });
    await expect
      .poll(() => panel.page.locator(".section-answers h2").textContent())
      .toBe("Answers at k = 18");
  });
});
