/** Chips of tokens that are bytes of a character: one chip with ticks. */
import { describe, expect, it } from "vitest";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import { DEMO_STATE } from "../support/panel/snapshots.ts";
import { violations } from "../support/axe.ts";
import { canRun, outputFolder, usePanels } from "./harness.ts";

const TEXTS = ["<0xE6>", "<0x84>", "<0x8F>", "大", "<0xE5>", "<0x88>", "<0xA9>", " is"];

const STATE: PanelState = {
  ...DEMO_STATE,
  sweep: null,
  grid: null,
  source: {
    label: "zh.md:1",
    positions: [0, 1, 2],
    tokens: TEXTS.map((text, index) => ({ index, id: index, text, start: 0, end: 1, special: false })),
  },
};

describe.skipIf(!canRun())("tokens of bytes", () => {
  const open = usePanels();

  it("are shown as their character with a tick for each further one, each to be chosen by itself", async () => {
    const panel = await open({ width: 300, state: STATE });
    const { page } = panel;
    const chips = page.getByRole("listbox", { name: "Source tokens, state put in" }).getByRole("option");
    expect(await chips.allInnerTexts()).toEqual(["◆意", "╵", "╵", "大", "利", "╵", "╵", "␣is"]);
    expect(await chips.evaluateAll((all) => all.map((chip) => chip.getAttribute("aria-label")))).toEqual([
      "token 0, part 1 of 3 of 意, state copied",
      "token 1, part 2 of 3 of 意, state copied",
      "token 2, part 3 of 3 of 意, state copied",
      "token 3, 大",
      "token 4, part 1 of 3 of 利",
      "token 5, part 2 of 3 of 利",
      "token 6, part 3 of 3 of 利",
      "token 7, is",
    ]);
    expect(await chips.nth(5).getAttribute("title")).toContain("<0x88>");
    const edges = await chips.evaluateAll((all) =>
      all.slice(0, 4).map((chip) => {
        const { left, right } = chip.getBoundingClientRect();
        return [left, right] as const;
      }),
    );
    expect(edges[1]![0] - edges[0]![1], "no gap within a character").toBeLessThan(0.5);
    expect(edges[3]![0] - edges[2]![1], "a gap between characters").toBeGreaterThan(0.5);
    await page.screenshot({ path: `${outputFolder}/byte-chips.png` });
    await chips.nth(5).click();
    expect(await panel.newIntents()).toEqual([{ type: "setPositions", side: "source", positions: [5] }]);
    expect(await violations(panel.page)).toEqual([]);
  });
});
