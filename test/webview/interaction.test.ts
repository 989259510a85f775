/** What the user does in the panel reaches the host, by mouse and by keyboard alone. */
import { describe, expect, it } from "vitest";
import { DEMO_STATE, largeState, STORED_STATE } from "../support/panel/snapshots.ts";
import { canRun, usePanels } from "./harness.ts";
import type { Panel, PanelOptions } from "./harness.ts";

describe.skipIf(!canRun())("the panel", () => {
  const open = usePanels();
  const show = (options: PanelOptions = {}): Promise<Panel> =>
    open({ state: DEMO_STATE, setup: true, ...options });

  describe("token chips", () => {
    it("choose by click, extend by Shift, add by Ctrl", async () => {
      const panel = await show();
      const target = panel.page.getByRole("listbox", { name: /Target/ });
      await target.getByRole("option", { name: /^token 19,/ }).click();
      await target.getByRole("option", { name: /^token 22,/ }).click({ modifiers: ["Shift"] });
      await target.getByRole("option", { name: /^token 7,/ }).click({ modifiers: ["Control"] });
      expect(await panel.newIntents()).toEqual([
        { type: "setPositions", side: "target", positions: [19] },
        { type: "setPositions", side: "target", positions: [19, 20, 21, 22] },
        { type: "setPositions", side: "target", positions: [7, 21] },
      ]);
    });

    it("say what they are", async () => {
      const panel = await show();
      const names = async (state: string): Promise<string[]> =>
        panel.page
          .locator(`.chip${state}`)
          .evaluateAll((chips) => chips.map((chip) => chip.getAttribute("aria-label")!));
      expect(await names("[aria-selected=true]")).toEqual([
        "token 2, Italy, state copied",
        "token 21, France, replaced",
      ]);
      expect(await names(".last")).toEqual(["token 25, :, last token, the answer follows"]);
      expect(await panel.page.locator(".chips.target .chip").nth(9).textContent()).toBe("␣⏎");
    });

    it("mark what the run reads in their side's colour, however many, and outline what was only copied", async () => {
      const { source } = DEMO_STATE;
      const tokens = Array.from({ length: 12 }, (_, index) => ({ ...source!.tokens[0]!, index }));
      const positions = tokens.map(({ index }) => index);
      const panel = await show({ state: { ...DEMO_STATE, source: { ...source!, tokens, positions } } });
      const chips = panel.page.locator(".chips.source");
      // The dark theme's blue, in its share of 14 %.
      const color = (): Promise<string> =>
        chips
          .locator(".chip.chosen")
          .first()
          .evaluate((chip) => getComputedStyle(chip).backgroundColor);
      expect(await color()).toMatch(/^color\(srgb 0\.345\d* 0\.666\d* 0\.909\d* \/ 0\.14\)$/);
      await panel.send({ ...DEMO_STATE, source: { ...source!, tokens, positions, read: [11] } });
      expect(await chips.locator(".chip.chosen").allInnerTexts()).toEqual(["◆The"]);
      expect(await chips.locator(".chip.copied").count()).toBe(11);
      expect(await chips.locator(".chip.copied").first().getAttribute("aria-label")).toContain(
        "copied, not read",
      );
    });

    it("stand in a prompt that a link shows in the editor", async () => {
      const panel = await show();
      await panel.page
        .locator(".model-line")
        .getByRole("button", { name: /^capitals/ })
        .click();
      await panel.page
        .locator("#setup")
        .getByRole("button", { name: /^capitals\.prompt\.txt:1/ })
        .click();
      expect(await panel.newIntents()).toEqual([
        { type: "reveal", side: "target", position: 21 },
        { type: "reveal", side: "source", position: 2 },
      ]);
    });

    it("show the token in the editor on a double click and on arrow keys", async () => {
      const panel = await show();
      await panel.page.getByRole("option", { name: /^token 12,/ }).dblclick();
      const intents = await panel.newIntents();
      expect(intents.at(-1)).toEqual({ type: "reveal", side: "target", position: 12 });
      await panel.page.keyboard.press("ArrowRight");
      expect(await panel.newIntents()).toEqual([{ type: "reveal", side: "target", position: 13 }]);
    });

    it("follow the editor: a snapshot with other positions moves the choice", async () => {
      const panel = await show();
      await panel.send({ ...DEMO_STATE, target: { ...DEMO_STATE.target!, positions: [7, 8] } });
      const chosen = panel.page.locator(".chips.target [aria-selected=true]");
      expect(
        await chosen.evaluateAll((chips) => chips.map((chip) => chip.getAttribute("data-position"))),
      ).toEqual(["7", "8"]);
    });

    it("fold a long prompt and unfold it, special tokens dashed", async () => {
      const panel = await show({ state: largeState() });
      const chips = panel.page.locator(".chips.target .chip");
      const folded = await chips.count();
      expect(folded).toBeLessThan(60);
      expect(await chips.first().getAttribute("aria-label")).toContain("special token");
      await panel.page.getByRole("button", { name: "Show all 200 tokens" }).click();
      expect(await chips.count()).toBe(200);
    });
  });

  describe("layer range", () => {
    it("drags a handle and tells the host once, at the end", async () => {
      const panel = await show();
      const box = (await panel.page.locator(".layer-track").boundingBox())!;
      const y = box.y + box.height / 2;
      await panel.page.mouse.move(box.x + 1, y);
      await panel.page.mouse.down();
      for (const share of [0.1, 0.2, 0.35]) await panel.page.mouse.move(box.x + share * box.width, y);
      expect(await panel.newIntents()).toEqual([]);
      await panel.page.mouse.up();
      expect(await panel.newIntents()).toEqual([{ type: "setLayers", from: 10, to: 29 }]);
    });

    it("moves by keys, stops at the other handle, and says the block in words", async () => {
      const panel = await show({ state: { ...DEMO_STATE, layers: { from: 3, to: 4 } } });
      const first = panel.page.getByRole("slider", { name: "First k" });
      await first.focus();
      await panel.page.keyboard.press("ArrowRight");
      await panel.page.keyboard.press("ArrowRight");
      await panel.page.keyboard.press("Home");
      expect(await panel.newIntents()).toEqual([
        { type: "setLayers", from: 4, to: 4 },
        { type: "setLayers", from: 0, to: 4 },
      ]);
      expect(await first.getAttribute("aria-valuetext")).toBe("k = 0 of 30, before layer 0, the embeddings");
      await panel.page.getByRole("slider", { name: "Last k" }).focus();
      await panel.page.keyboard.press("PageUp");
      expect(await panel.newIntents()).toEqual([{ type: "setLayers", from: 0, to: 7 }]);
    });

    it("takes typed numbers, clamps them, and refuses words", async () => {
      const panel = await show();
      const last = panel.page.getByRole("textbox", { name: "Last k of the range" });
      await last.fill("12");
      await last.press("Enter");
      expect(await panel.newIntents()).toEqual([{ type: "setLayers", from: 0, to: 12 }]);
      await panel.send({ ...DEMO_STATE, layers: { from: 0, to: 12 } });
      await last.fill("99");
      await last.press("Enter");
      expect(await panel.newIntents()).toEqual([{ type: "setLayers", from: 0, to: 29 }]);
      await last.fill("all");
      await last.press("Enter");
      expect(await panel.newIntents()).toEqual([]);
      expect(await last.inputValue()).toBe("12");
    });
  });

  it("marks the tokens that the editor's selection covers, without choosing them", async () => {
    const panel = await show();
    await panel.send({ ...DEMO_STATE, target: { ...DEMO_STATE.target!, selected: [18, 19] } });
    const marked = panel.page.locator(".chips.target .chip.in-editor");
    await expect.poll(() => marked.allTextContents()).toEqual(["␣the", "␣capital"]);
    expect(await marked.first().getAttribute("aria-selected")).toBe("false");
    await panel.send(DEMO_STATE);
    await expect.poll(() => marked.count()).toBe(0);
  });

  describe("strip", () => {
    it("steps by click and by keys, and says the answer", async () => {
      const panel = await show();
      const strip = panel.page.getByRole("slider", { name: "Sweep, step through k" });
      expect(await strip.getAttribute("aria-valuetext")).toBe("k = 17: Rome, source");
      await panel.page.locator(".strip-cell").nth(26).click();
      await strip.focus();
      await panel.page.keyboard.press("ArrowRight");
      await panel.page.keyboard.press("End");
      expect(await panel.newIntents()).toEqual([
        { type: "stepTo", k: 26 },
        { type: "stepTo", k: 27 },
        { type: "stepTo", k: 29 },
      ]);
    });

    it("keeps up with keys that come faster than the host's snapshots, and takes the host's word in the end", async () => {
      const panel = await show();
      const strip = panel.page.getByRole("slider", { name: "Sweep, step through k" });
      await strip.focus();
      for (let i = 0; i < 3; i++) await panel.page.keyboard.press("ArrowRight");
      // A snapshot that was made after the first key.
      await panel.send({ ...DEMO_STATE, k: 18 });
      expect(await strip.getAttribute("aria-valuenow")).toBe("20");
      await panel.send({ ...DEMO_STATE, k: 20 });
      await panel.send({ ...DEMO_STATE, k: 5 });
      await expect.poll(() => strip.getAttribute("aria-valuenow")).toBe("5");
      const last = panel.page.getByRole("slider", { name: "Last k" });
      await last.focus();
      for (let i = 0; i < 3; i++) await panel.page.keyboard.press("ArrowLeft");
      await panel.send({ ...DEMO_STATE, layers: { from: 0, to: 28 } });
      expect(await last.getAttribute("aria-valuenow")).toBe("26");
      expect((await panel.newIntents()).slice(-1)).toEqual([{ type: "setLayers", from: 0, to: 26 }]);
    });

    it("shows every outcome by shape too: marks where there is room, fillings where there is none", async () => {
      const marks = async (panel: Panel): Promise<string> =>
        (await panel.page.locator(".strip-cell").allTextContents()).join("");
      expect(await marks(await show({ width: 1200 }))).toBe("◆".repeat(24) + "★".repeat(6));
      const narrow = await show({ width: 250 });
      expect(await marks(narrow)).toBe("");
      const cells = await narrow.page
        .locator(".strip-cell b")
        .evaluateAll((all) =>
          all.map((cell) => [cell.getBoundingClientRect().height, getComputedStyle(cell).boxShadow]),
        );
      expect(new Set(cells.map(([height]) => height))).toEqual(new Set([22]));
      expect([cells[0]![1], cells[29]![1]]).toEqual(["none", expect.stringContaining("inset")]);
    });

    it("draws the flip and the verdict with marks", async () => {
      const panel = await show();
      expect(await panel.page.locator(".flip-line").count()).toBe(1);
      expect(await panel.page.locator(".axis .flip-at").allInnerTexts()).toEqual(["24"]);
      const verdict = panel.page.locator(".verdict");
      expect(await verdict.locator(".verdict-head").textContent()).toBe("Flips at layer 24 of 30");
      expect(await verdict.locator(".verdict-runs > span").allInnerTexts()).toEqual([
        "◆ Rome k\u00a00–23",
        "★ Paris k\u00a024–29",
      ]);
      expect(await verdict.getAttribute("title")).toBe(
        "Rome for k 0–23, Paris for k 24–29: flips at k = 24 of 30 (80 %).",
      );
    });
  });

  describe("answers", () => {
    it("lists the answers at k with their probabilities and marks the two sides", async () => {
      const panel = await show();
      const items = panel.page
        .getByRole("list", { name: "Most likely answers at k = 17" })
        .getByRole("listitem");
      expect(await items.first().textContent()).toBe("◆␣Rome, source answer0.957");
      await panel.page.getByRole("checkbox", { name: "Compare with the unpatched run" }).click();
      const all = await items.allTextContents();
      expect(all.some((text) => text.includes("␣Paris") && text.includes("unpatched 0.984"))).toBe(true);
    });

    it("steps to the neighbours of k", async () => {
      const panel = await show();
      await panel.page.getByRole("button", { name: "Next k" }).click();
      await panel.page.getByRole("button", { name: "Previous k" }).click();
      expect(await panel.newIntents()).toEqual([
        { type: "stepTo", k: 18 },
        { type: "stepTo", k: 16 },
      ]);
    });
  });

  it("offers to run the stored demo live", async () => {
    const panel = await show({ state: STORED_STATE });
    await panel.page.getByRole("button", { name: "Run It Live" }).click();
    expect(await panel.newIntents()).toEqual([{ type: "command", command: "runDemo" }]);
    expect(await panel.page.locator(".tag").textContent()).toBe("demonstration model");
  });

  it("can be walked by Tab alone, one stop for each group, and back", async () => {
    const panel = await show({ width: 250 });
    const stops: string[] = [];
    await panel.page.keyboard.press("Tab");
    for (let step = 0; step < 40; step++) {
      const stop = await panel.page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const inner = element.shadowRoot?.activeElement ?? element;
        const box = inner.getBoundingClientRect();
        const visible = box.width > 0 && box.height > 0;
        const name = element.getAttribute("aria-label") ?? element.textContent.trim();
        return `${element.getAttribute("role") ?? element.tagName.toLowerCase()} ${name}${visible ? "" : " (invisible)"}`;
      });
      if (stop === null) break;
      stops.push(stop);
      await panel.page.keyboard.press("Tab");
    }
    expect(stops).toEqual([
      "button Change model",
      "button capitals.prompt.txt:3 show in the editor",
      "button Condition: Swap",
      "button Set-up: ◆Italy → ★France",
      "vscode-button Run Again",
      "vscode-text-field Strength, 0 to 1",
      "checkbox same as k",
      "button capitals.prompt.txt:1 show in the editor",
      "option token 2, Italy, state copied",
      "button capitals.prompt.txt:3 show in the editor",
      "option token 21, France, replaced",
      "button Show Attention",
      "vscode-text-field First k of the range",
      "vscode-text-field Last k of the range",
      "slider First k",
      "slider Last k",
      "button Change answers",
      "button About this result",
      "slider Sweep, step through k",
      "combobox Metric of the curve",
      "button Tokens × layers",
      "combobox Metric of the heatmap",
      "checkbox Table",
      "grid Heatmap, tokens by k",
      "button Answers at k = 17",
      "button ␣France @21 ×locked, release",
      "button Previous k",
      "button Next k",
      "checkbox Compare with the unpatched run",
      "vscode-text-field Tokens to generate",
      "vscode-button Continue",
      "button Controls",
      "vscode-button Run Controls",
      "vscode-button Save",
      "vscode-button Export…",
    ]);
  });

  it("runs a whole swap by keyboard: choose tokens, set the range, run, step, lock a cell", async () => {
    const panel = await show();
    const { keyboard } = panel.page;
    await panel.page.getByRole("option", { name: /^token 21,/ }).focus();
    for (const key of ["ArrowLeft", "ArrowLeft", "Enter"]) await keyboard.press(key);
    await panel.page.getByRole("slider", { name: "Last k" }).focus();
    await keyboard.press("ArrowLeft");
    await panel.page.getByRole("button", { name: "Run Again" }).focus();
    await keyboard.press("Enter");
    await panel.page.getByRole("slider", { name: /Sweep/ }).focus();
    await keyboard.press("ArrowLeft");
    await panel.page.getByRole("grid").focus();
    for (const key of ["ArrowUp", "Enter"]) await keyboard.press(key);
    const intents = (await panel.intents()).filter(({ type }) => type !== "reveal");
    expect(intents).toEqual([
      { type: "setPositions", side: "target", positions: [19] },
      { type: "setLayers", from: 0, to: 28 },
      { type: "command", command: "runSweep" },
      { type: "stepTo", k: 16 },
      { type: "lockCell", position: 20, k: 17 },
    ]);
  });
});
