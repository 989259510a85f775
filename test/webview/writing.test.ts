/** What the panel says of a prompt that is written otherwise in its document. */
import { describe, expect, it } from "vitest";
import type { PanelState, PanelWriting } from "../../src/shared/protocol/panel.ts";
import { DEMO_STATE } from "../support/panel/snapshots.ts";
import { violations } from "../support/axe.ts";
import { canRun, usePanels } from "./harness.ts";

function written(writing: PanelWriting | null): PanelState {
  return {
    ...DEMO_STATE,
    sweep: null,
    grid: null,
    target: { ...DEMO_STATE.target!, ...(writing ? { writing } : {}) },
  };
}

describe.skipIf(!canRun())("the writing of a prompt", () => {
  const open = usePanels();

  it("is not spoken of where the editor shows what the model reads", async () => {
    const { page } = await open({ state: written(null) });
    expect(await page.getByRole("listbox", { name: "Target tokens" }).count()).toBe(1);
    expect(await page.getByText("The model reads:").count()).toBe(0);
  });

  it("is said with the text that is read and the values of placeholders, which can be changed", async () => {
    const panel = await open({
      width: 250,
      state: written({
        form: "string",
        text: "The capital of Italy is\n{city}",
        placeholders: [
          { name: "{country}", value: "Italy" },
          { name: "{city}", value: null },
        ],
      }),
    });
    const { page } = panel;
    await page.getByText("A string literal, as its program reads it.").waitFor();
    expect(await page.getByText("The model reads:").innerText()).toBe(
      "The model reads: The␣capital␣of␣Italy␣is⏎{city}",
    );
    await page.getByText("{country} = Italy · {city} as written").waitFor();
    expect(await violations(panel.page)).toEqual([]);
    await page.getByRole("button", { name: "Change what stands for the placeholders" }).click();
    expect(await panel.newIntents()).toEqual([{ type: "setValues", side: "target" }]);
  });
});
