/** Conditions, answers, metrics, lens, controls, continuation and attention in the panel: shown as sent, changed by intent. */
import { describe, expect, it } from "vitest";
import { descriptorOf, CONDITION_KINDS } from "../../src/shared/condition/condition.ts";
import { INITIAL_CHOICE } from "../../src/shared/condition/condition-choice.ts";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import { shareText } from "../../src/shared/text/format.ts";
import { BESIDE_STATE, DEMO_STATE, RANDOM_STATE } from "../support/panel/snapshots.ts";
import { canRun, usePanels } from "./harness.ts";
import type { Panel } from "./harness.ts";

describe.skipIf(!canRun())("the panel", () => {
  const open = usePanels();
  const show = (state: PanelState): Promise<Panel> => open({ state, setup: true });
  const withChoice = (part: Partial<typeof INITIAL_CHOICE>): PanelState => ({
    ...DEMO_STATE,
    condition: { ...DEMO_STATE.condition, hasBos: true, choice: { ...INITIAL_CHOICE, ...part } },
  });
  const type = async (panel: Panel, name: string, text: string): Promise<void> => {
    const field = panel.page.getByRole("textbox", { name, exact: true });
    await field.fill(text);
    await field.press("Enter");
  };

  describe("condition picker", () => {
    it("lists every condition with a diagram of its own, and chooses by click", async () => {
      const panel = await show(DEMO_STATE);
      await panel.page.locator(".condition-line").click();
      const cards = panel.page.getByRole("radio");
      expect(await cards.locator("> span").allInnerTexts()).toEqual(
        CONDITION_KINDS.map((kind) => descriptorOf(kind).name()),
      );
      const drawings = await cards.locator("svg").evaluateAll((svgs) => svgs.map((svg) => svg.innerHTML));
      expect(new Set(drawings).size).toBe(CONDITION_KINDS.length);
      await panel.page.getByRole("radio", { name: /^Freeze/ }).click();
      expect(await panel.newIntents()).toEqual([{ type: "setCondition", choice: { kind: "freeze" } }]);
    });

    it("moves by arrows like radio buttons, over what the model cannot do", async () => {
      const state = withChoice({ kind: "freeze" });
      const panel = await show({ ...state, condition: { ...state.condition, skipsAttention: false } });
      await panel.page.locator(".condition-line").click();
      const skip = panel.page.getByRole("radio", { name: /^Skip attention/ });
      expect(await skip.getAttribute("aria-disabled")).toBe("true");
      await skip.click({ force: true });
      expect(await panel.newIntents()).toEqual([]);
      await panel.page.getByRole("radio", { name: /^Freeze/ }).focus();
      await panel.page.keyboard.press("ArrowRight");
      expect(await panel.newIntents()).toMatchObject([{ type: "setCondition", choice: { kind: "zero" } }]);
    });

    it("shows only the options that the condition takes", async () => {
      const names = async (kind: (typeof CONDITION_KINDS)[number]): Promise<string[]> => {
        const panel = await show(withChoice({ kind }));
        return panel.page.locator("#setup > .setup > .condition-options .field-name").allInnerTexts();
      };
      expect(await names("swap")).toEqual(["Strength", "Source layer"]);
      expect(await names("random")).toEqual(["Tokens", "Seeds", "Strength"]);
      expect(await names("angle")).toEqual(["Tokens", "Angle", "Seeds", "Strength"]);
      expect(await names("freeze")).toEqual(["Tokens"]);
      expect(await names("skip-attention")).toEqual([]);
      expect(await names("vectors")).toEqual(["Strength", "File"]);
    });

    it("sends what changes, within its bounds", async () => {
      const panel = await show(withChoice({ kind: "random" }));
      await type(panel, "Number of seeds", "900");
      await type(panel, "Strength, 0 to 1", "0,5");
      await type(panel, "First seed", "x");
      expect(await panel.newIntents()).toEqual([
        { type: "setCondition", choice: { seeds: 50 } },
        { type: "setCondition", choice: { strength: 0.5 } },
      ]);
    });

    it("sends an angle in degrees", async () => {
      const panel = await show(withChoice({ kind: "angle", numbers: { angle: 30 } }));
      const field = "Angle, 0 to 180";
      expect(await panel.page.getByRole("textbox", { name: field }).inputValue()).toBe("30");
      await type(panel, field, "270");
      await type(panel, field, "22,5");
      expect(await panel.newIntents()).toEqual([
        { type: "setCondition", choice: { numbers: { angle: 180 } } },
        { type: "setCondition", choice: { numbers: { angle: 22.5 } } },
      ]);
    });

    it("leaves BOS out only where there is one", async () => {
      const panel = await show(withChoice({ kind: "zero" }));
      await panel.page.getByRole("checkbox", { name: "Leave BOS as it is" }).click();
      expect(await panel.newIntents()).toMatchObject([
        { type: "setCondition", choice: { excludeBos: true } },
      ]);
      await panel.send(DEMO_STATE);
      expect(await panel.page.getByRole("checkbox", { name: "Leave BOS as it is" }).count()).toBe(0);
    });

    it("unlocks the source layer of a swap", async () => {
      const panel = await show(DEMO_STATE);
      await panel.page.getByRole("checkbox", { name: "same as k" }).click();
      await panel.send(withChoice({ sourceLayer: 0 }));
      await type(panel, "Source layer", "12");
      expect(await panel.newIntents()).toMatchObject([
        { type: "setCondition", choice: { sourceLayer: 0 } },
        { type: "setCondition", choice: { sourceLayer: 12 } },
      ]);
    });
  });

  it("names answers and how they count", async () => {
    const panel = await show(DEMO_STATE);
    await panel.page.getByRole("button", { name: "Change answers" }).click();
    await type(panel, "Source answer", "Rome, Italy");
    await panel.page.getByRole("combobox", { name: "How answers count" }).click();
    await panel.page.getByRole("option", { name: "Whole answer" }).click();
    expect(await panel.newIntents()).toEqual([
      { type: "setAnswers", answers: { source: "Rome, Italy" } },
      { type: "setAnswers", answers: { scoring: "likelihood" } },
    ]);
    await panel.send({
      ...DEMO_STATE,
      answers: { target: "", source: "Rome, Italy", scoring: "likelihood", tokens: 3 },
    });
    expect(await panel.page.locator(".answers-line").innerText()).toContain("◆ Rome, Italy · whole answer");
    await type(panel, "Tokens of a found answer", "99");
    expect(await panel.newIntents()).toEqual([{ type: "setAnswers", answers: { tokens: 16 } }]);
  });

  describe("several seeds", () => {
    it("stand as shares in one cell for each k, and are said as a share", async () => {
      const panel = await show(RANDOM_STATE);
      const cells = panel.page.locator(".section-layers .layers > .plot-row .strip-cell");
      expect(await cells.count()).toBe(30);
      const stripes = await cells.evaluateAll((all) =>
        all.map((cell) => [...cell.querySelectorAll("i")].map((stripe) => stripe.getAttribute("class"))),
      );
      const rows = RANDOM_STATE.sweep!.rows;
      stripes.forEach((classes, k) => {
        expect([...classes].sort()).toEqual(
          rows
            .filter((row) => row.k === k)
            .map((row) => row.outcome)
            .sort(),
        );
      });
      const hits = rows.filter((row) => row.k === 25 && row.outcome === "target").length;
      const strip = panel.page.getByRole("slider", { name: "Sweep, step through k" });
      expect(await strip.getAttribute("aria-valuetext")).toBe(`k = 25: target in ${hits} of 5 seeds`);
    });

    it("give the curve a band, and the answers a seed to choose", async () => {
      const panel = await show(RANDOM_STATE);
      expect(await panel.page.locator(".curve-target polygon").count()).toBeGreaterThan(0);
      const rowsAt25 = RANDOM_STATE.sweep!.rows.filter((row) => row.k === 25);
      const number = panel.page.locator(".answers .answer-number").first();
      expect(await number.innerText()).toBe(Math.exp(rowsAt25[0]!.top[0]!.logprob).toFixed(3));
      await panel.page.getByRole("combobox", { name: "Seed whose answers are shown" }).click();
      await panel.page.getByRole("option", { name: "Seed 3" }).click();
      await expect.poll(() => number.innerText()).toBe(Math.exp(rowsAt25[3]!.top[0]!.logprob).toFixed(3));
    });
  });

  it("shows the band of several seeds in high contrast, where nothing is tinted", async () => {
    const panel = await open({ theme: "hc-dark", state: RANDOM_STATE });
    const bands = await panel.page
      .locator(".curve polygon.band")
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).stroke));
    expect(bands).toEqual(["rgb(255, 255, 255)"]);
  });

  it("draws the chosen metric, with its formula at hand", async () => {
    const panel = await show(DEMO_STATE);
    const curve = panel.page.locator(".curve svg");
    expect(await curve.getAttribute("aria-label")).toMatch(/^Logit difference: /);
    const choose = async (name: string): Promise<string> => {
      await panel.page.getByRole("combobox", { name: "Metric of the curve" }).click();
      await panel.page.getByRole("option", { name, exact: true }).click();
      await expect.poll(() => curve.getAttribute("aria-label")).toContain(name);
      return (await curve.getAttribute("aria-label"))!;
    };
    const first = DEMO_STATE.sweep!.rows[0]!;
    expect(await choose("KL to baseline")).toContain(`${first.klToBaseline.toFixed(2)} at k = 0`);
    expect(await choose("Normalised recovery")).toContain("1.00 at k = 0");
    expect(await choose("Probability")).toContain(`${shareText(Math.exp(first.sourceLogprob!))} at k = 0`);
    expect(await choose("Rank")).toContain("Rank of Rome: 1 at k = 0");
    expect(await panel.page.locator(".curve-labels").getAttribute("title")).toContain("Place of the answer");
  });

  it("draws the entropy of each row, and names it at the shown k; an older result has none", async () => {
    const rows = DEMO_STATE.sweep!.rows.map((row, i) => ({ ...row, entropy: 3 - i / 20 }));
    const panel = await show({ ...DEMO_STATE, sweep: { ...DEMO_STATE.sweep!, rows } });
    await panel.page.getByRole("combobox", { name: "Metric of the curve" }).click();
    await panel.page.getByRole("option", { name: "Entropy", exact: true }).click();
    const curve = panel.page.locator(".curve svg");
    await expect.poll(() => curve.getAttribute("aria-label")).toMatch(/^Entropy: 3\.00 at k = 0/);
    const heading = panel.page.locator("dt", { hasText: /^entropy$/ });
    expect(await heading.getAttribute("title")).toContain("−Σ p log p");
    const old = await show(DEMO_STATE);
    expect(await old.page.locator("dt", { hasText: /^entropy$/ }).count()).toBe(0);
  });

  it("shows the lens under the strip: one cell a block and the model's own answer behind them", async () => {
    const panel = await show(DEMO_STATE);
    const sides = await panel.page
      .locator(".lens-cell")
      .evaluateAll((cells) => cells.map((one) => one.getAttribute("class") ?? ""));
    const { lens, answers } = DEMO_STATE.sweep!;
    expect(sides).toHaveLength(31);
    sides.forEach((side, k) => {
      const isTarget = lens![k]!.top[0]!.id === answers!.target.ids[0];
      expect(side.includes("target")).toBe(isTarget);
    });
    expect(sides.at(-1)).toContain("own");
    expect(await panel.page.locator(".lens").getAttribute("aria-label")).toMatch(
      /Paris \(target\) from k = 27/,
    );
    const spoken = panel.page.getByRole("list", { name: /^Logit lens/ }).getByRole("listitem");
    const own = lens!.at(-1)!.top[0]!;
    expect(await spoken.last().getAttribute("aria-label")).toBe(
      `the model’s own answer: Paris, target, p ${Math.exp(own.logprob).toFixed(3)}`,
    );
    const heights = await panel.page
      .locator(".lens-cell i")
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().height));
    expect(heights[29]).toBeGreaterThan(heights[0]!);
    const cells = await panel.page
      .locator(".strip-cell, .lens-cell:not(.own)")
      .evaluateAll((all) => all.map((cell) => Math.round(cell.getBoundingClientRect().left)));
    expect(cells.slice(30)).toEqual(cells.slice(0, 30));
    const { text, logprob } = lens![17]!.top[0]!;
    expect(await panel.page.locator(".facts").innerText()).toContain(
      `${text.replaceAll(" ", "␣")} ${Math.exp(logprob).toFixed(3)}`,
    );
  });

  it("runs controls and shows each beside the result", async () => {
    const panel = await show(DEMO_STATE);
    await panel.page.getByRole("button", { name: "Run Controls" }).click();
    expect(await panel.newIntents()).toEqual([{ type: "command", command: "runControls" }]);
    await panel.send(BESIDE_STATE);
    const controls = panel.page.locator(".control-run");
    expect(await controls.locator("b").first().innerText()).toBe("Identity");
    expect(await controls.nth(0).innerText()).toContain("as it must");
    expect(await controls.nth(1).locator(".seed-stack").count()).toBe(30);
    expect(await controls.nth(2).innerText()).toContain("the swap is ignored");
    const [identity, ...others] = BESIDE_STATE.sweep!.controls!;
    const broken = { ...identity!, rows: identity!.rows.map((row) => ({ ...row, klToBaseline: 1e-6 })) };
    await panel.send({ ...BESIDE_STATE, sweep: { ...BESIDE_STATE.sweep!, controls: [broken, ...others] } });
    expect(await controls.nth(0).innerText()).toContain("do not trust this result");
  });

  it("continues the text at the shown k, unpatched beside patched, and states the scope", async () => {
    const panel = await show(DEMO_STATE);
    await type(panel, "Tokens to generate", "7");
    await panel.page.getByRole("button", { name: "Continue", exact: true }).click();
    expect(await panel.newIntents()).toEqual([{ type: "continue", k: 17, tokens: 7 }]);
    await panel.send(BESIDE_STATE);
    const texts = await panel.page.locator(".said blockquote").allInnerTexts();
    const { baseline, rows } = BESIDE_STATE.sweep!.continuations!;
    expect(texts).toEqual([baseline.text, rows.find((row) => row.k === 17)!.text]);
    expect(await panel.page.locator(".continuation").innerText()).toContain(
      "The condition covers the prompt",
    );
    const sides = await panel.page
      .locator(".said")
      .evaluateAll((all) => all.map((one) => one.getAttribute("class")));
    expect(sides).toEqual(["said target", "said source"]);
  });

  it("puts attention under the tokens of the target", async () => {
    const panel = await show(DEMO_STATE);
    await panel.page.getByRole("button", { name: "Show Attention" }).click();
    expect(await panel.newIntents()).toEqual([{ type: "command", command: "showAttention" }]);
    await panel.send(BESIDE_STATE);
    const widths = await panel.page
      .locator(".chips.target .chip-attention")
      .evaluateAll((bars) => bars.map((bar) => Number.parseFloat((bar as HTMLElement).style.width)));
    const most = Math.max(...BESIDE_STATE.attention!.weights![17]!);
    BESIDE_STATE.attention!.weights![17]!.forEach((weight, position) => {
      expect(widths[position]).toBeCloseTo((100 * weight) / most, 2);
    });
    const first = panel.page.locator('.chips.target [data-position="0"]');
    expect(await first.getAttribute("aria-label")).toMatch(/attention 0\.\d\d/);
    const bars = panel.page.locator(".chip-attention");
    await panel.page.getByRole("button", { name: "Hide Attention" }).click();
    expect(await bars.count()).toBe(0);
    expect(await first.getAttribute("aria-label")).not.toContain("attention");
    await panel.page.getByRole("button", { name: "Show Attention" }).click();
    expect(await bars.count()).toBeGreaterThan(0);
    expect(await panel.newIntents(), "what is there is not asked for again").toEqual([]);
    await panel.send({ ...DEMO_STATE, attention: { weights: null, note: "This file gives none." } });
    expect(await panel.page.locator(".section-prompts").innerText()).toContain("This file gives none.");
  });

  it("says numeric mode, convention, BOS and ‖Δh‖ with the result", async () => {
    const panel = await show(DEMO_STATE);
    await panel.page.getByRole("button", { name: "About this result" }).click();
    const facts = await panel.page.locator(".facts-line").innerText();
    for (const fact of ["q4_1 exact", "k = 0-based block whose input is replaced", "no BOS", "‖Δh‖"]) {
      expect(facts).toContain(fact);
    }
  });

  it("calls a cancelled run incomplete, not out of date", async () => {
    const standing = { kind: "partial", reason: "cancelled" } as const;
    const sweep = { ...DEMO_STATE.sweep!, state: "partial", standing } as const;
    const panel = await show({ ...DEMO_STATE, sweep });
    const notice = await panel.page.locator(".notice.stale").first().innerText();
    expect(notice).toContain("Incomplete. The run was cancelled.");
    expect(notice).not.toContain("Out of date");
  });
});
