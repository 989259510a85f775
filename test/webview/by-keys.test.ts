/** By keys alone, each thing reached by Tab: a swap is started, a cell held, a result exported; and what a screen reader is told. */
import type { CDPSession } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import { DEMO_STATE } from "../support/panel/snapshots.ts";
import { canRun, usePanels } from "./harness.ts";
import type { Panel } from "./harness.ts";

const READY: PanelState = { ...DEMO_STATE, sweep: null, grid: null, k: null, cell: null };
/** More stops than any state of the panel has. */
const MOST_STOPS = 60;

/** Name of what has the focus, as it is written in the page; null for nothing. */
async function focusedName(panel: Panel): Promise<string | null> {
  return panel.page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    return element.getAttribute("aria-label") ?? element.textContent.trim();
  });
}

/** Presses Tab until something of that name has the focus. */
async function tabTo(panel: Panel, name: string | RegExp): Promise<void> {
  const passed: (string | null)[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await panel.page.keyboard.press("Tab");
    const at = await focusedName(panel);
    if (at !== null && (typeof name === "string" ? at === name : name.test(at))) return;
    passed.push(at);
  }
  throw new Error(`Tab never came to ${String(name)}, but to: ${passed.join(" | ")}`);
}

async function press(panel: Panel, ...keys: string[]): Promise<void> {
  for (const key of keys) await panel.page.keyboard.press(key);
}

/** A node of Chromium's accessibility tree, as assistive technology is given it. */
interface AxNode {
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly description?: { readonly value: string };
  readonly backendDOMNodeId?: number;
  readonly properties?: readonly {
    readonly name: string;
    readonly value: {
      readonly value?: unknown;
      readonly relatedNodes?: readonly { readonly backendDOMNodeId: number }[];
    };
  }[];
}

/** The node that a screen reader reads while the map has the focus, and the map itself. */
async function heardCell(session: CDPSession): Promise<{ map: AxNode; cell: AxNode }> {
  const { nodes } = (await session.send("Accessibility.getFullAXTree")) as { nodes: AxNode[] };
  const map = nodes.find(({ role }) => role?.value === "grid")!;
  const active = map.properties?.find(({ name }) => name === "activedescendant")?.value.relatedNodes?.[0];
  const cell = nodes.find(
    ({ backendDOMNodeId }) => active !== undefined && backendDOMNodeId === active.backendDOMNodeId,
  );
  if (!cell) throw new Error("The map has no active cell in the accessibility tree.");
  return { map, cell };
}

const propertyOf = (node: AxNode, name: string): unknown =>
  node.properties?.find((property) => property.name === name)?.value.value;

describe.skipIf(!canRun())("by keys alone", () => {
  const open = usePanels();

  it("a whole swap is started: another condition and back, another token, run, and run again", async () => {
    const panel = await open({ state: READY, setup: true });
    await tabTo(panel, "Condition: Swap");
    await press(panel, "Enter", "ArrowRight", "ArrowLeft", "Escape");
    expect(await focusedName(panel)).toBe("Condition: Swap");
    await tabTo(panel, /^token 21, France/);
    await press(panel, "ArrowLeft", "ArrowLeft", "Enter");
    for (let back = 0; back < MOST_STOPS && (await focusedName(panel)) !== "Run"; back++)
      await press(panel, "Shift+Tab");
    await press(panel, "Enter");
    const intents = (await panel.newIntents()).filter(({ type }) => type !== "reveal");
    expect(intents.at(0)).toMatchObject({ type: "setCondition" });
    expect(intents.at(1)).toEqual({ type: "setCondition", choice: { kind: "swap" } });
    expect(intents.slice(2)).toEqual([
      { type: "setPositions", side: "target", positions: [19] },
      { type: "command", command: "runSweep" },
    ]);
    // The result comes; the focus stays where the keys are.
    await panel.send(DEMO_STATE);
    expect(await focusedName(panel)).toBe("Run Again");
    await press(panel, "Space");
    expect(await panel.newIntents()).toEqual([{ type: "command", command: "runSweep" }]);
  });

  it("a cell is held and released, and the screen reader is told which, with its numbers", async () => {
    const panel = await open({ state: { ...DEMO_STATE, k: null, cell: null } });
    const session = await panel.page.context().newCDPSession(panel.page);
    await session.send("Accessibility.enable");
    await tabTo(panel, "Heatmap, tokens by k");
    await press(panel, "End", "ArrowUp");
    const { map, cell } = await heardCell(session);
    expect(map.name?.value).toBe("Heatmap, tokens by k");
    expect(map.description?.value).toBe(
      "Arrows move, Enter locks a cell, Escape unlocks. On folded tokens Enter opens them, Escape folds them again.",
    );
    expect(propertyOf(map, "focused")).toBe(true);
    expect(cell.role?.value).toBe("gridcell");
    expect(cell.name?.value).toMatch(
      /^k 29, token 20, of: Paris, target, p\(Rome\) .+, p\(Paris\) 0\.\d+, logit difference −\d+\.\d, rank of Paris 1$/,
    );
    expect(propertyOf(cell, "selected")).toBe(false);
    await press(panel, "Enter");
    expect(await panel.newIntents()).toEqual([{ type: "lockCell", position: 20, k: 29 }]);
    await panel.send({ ...DEMO_STATE, k: 29, cell: { position: 20, k: 29 } });
    const held = await heardCell(session);
    expect(held.cell.name?.value).toBe(`${cell.name!.value}, locked`);
    expect(propertyOf(held.cell, "selected")).toBe(true);
    await press(panel, "Escape");
    expect(await panel.newIntents()).toEqual([{ type: "unlockCell" }]);
  });

  it("a result is exported, and saved", async () => {
    const panel = await open({ state: DEMO_STATE });
    await tabTo(panel, "Save");
    await press(panel, "Enter");
    await tabTo(panel, "Export…");
    await press(panel, "Enter");
    expect(await panel.newIntents()).toEqual([
      { type: "command", command: "saveSession" },
      { type: "command", command: "exportResult" },
    ]);
  });
});
