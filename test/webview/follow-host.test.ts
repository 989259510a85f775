/** Controls show what the user just set, and follow the host all the same: its own word at once, its silence in the end. */
import { describe, expect, it } from "vitest";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import { RANDOM_STATE } from "../support/panel/snapshots.ts";
import type { Panel } from "./harness.ts";
import { canRun, usePanels } from "./harness.ts";
import { keys, takes, types, withChoice } from "./one-task.ts";

describe.skipIf(!canRun())("controls", () => {
  const open = usePanels();
  const show = (state: PanelState): Promise<Panel> => open({ state, setup: true });
  it("show the host's own word at once, and its value again when it takes none", async () => {
    const panel = await show(RANDOM_STATE);
    const where = panel.page.getByRole("combobox", { name: "Which tokens are replaced" });
    const seeds = panel.page.getByRole("textbox", { name: "Number of seeds" });
    const from = panel.page.getByRole("slider", { name: "First k" });
    const shown = async (): Promise<unknown[]> => [
      await where.evaluate((element) => (element as HTMLSelectElement).value),
      await seeds.inputValue(),
      await from.getAttribute("aria-valuenow"),
    ];
    const before = await shown();
    await takes(where, "chosen");
    await types(panel, ["Number of seeds", "7"]);
    await keys(from, "ArrowRight", "ArrowRight");
    expect(await shown()).toEqual(["chosen", "7", "2"]);
    // The host says nothing: it did not take them.
    await expect.poll(shown, { timeout: 5000 }).toEqual(before);
    await keys(from, "ArrowRight", "ArrowRight");
    await panel.send({ ...RANDOM_STATE, layers: { from: 1, to: 29 } });
    expect(await from.getAttribute("aria-valuenow")).toBe("2");
    await panel.send({ ...RANDOM_STATE, layers: { from: 8, to: 29 } });
    expect(await from.getAttribute("aria-valuenow")).toBe("8");
  });

  it("follow it forth and back, dropdown and checkbox too", async () => {
    const panel = await show(withChoice({ kind: "random", where: "all-but-last", excludeBos: false }));
    const where = panel.page.getByRole("combobox", { name: "Which tokens are replaced" });
    const bos = panel.page.getByRole("checkbox", { name: "Leave BOS as it is" });
    for (const [place, excludeBos] of [
      ["chosen", true],
      ["all-but-last", false],
      ["chosen", true],
    ] as const) {
      await panel.send(withChoice({ kind: "random", where: place, excludeBos }));
      expect(await where.evaluate((element) => (element as HTMLSelectElement).value)).toBe(place);
      expect(await bos.getAttribute("aria-checked")).toBe(String(excludeBos));
    }
    expect(await panel.newIntents(), "following the host tells it nothing").toEqual([]);
  });
});
