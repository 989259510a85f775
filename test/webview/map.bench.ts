/**
 * How smooth a map of 300 tokens × 80 layers is on a slow machine: Chromium with its CPU throttled, frames counted while
 * the pointer, the keys, the held cell and the scroll move at every frame; and the time from a snapshot to its picture.
 */
import { loadavg } from "node:os";
import { describe, expect, it } from "vitest";
import { largeState } from "../support/panel/snapshots.ts";
import { canRun, usePanels } from "./harness.ts";
import type { Panel } from "./harness.ts";

const TOKENS = 300;
const LAYERS = 80;
const FRAMES = 180;
/** How many times slower than this machine. */
const THROTTLES = [1, 4];

/** What is moved, in the page, at each frame. */
type Motion = "nothing" | "hover" | "keys" | "held cell" | "scroll";
const MOTIONS: readonly Motion[] = ["nothing", "hover", "keys", "held cell", "scroll"];

async function throttle(panel: Panel, rate: number): Promise<void> {
  const session = await panel.page.context().newCDPSession(panel.page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
}

/** Times between frames, milliseconds. */
async function frames(panel: Panel, motion: Motion): Promise<number[]> {
  return panel.page.evaluate(
    async ({ motion, count, layers, state }) => {
      const scroller = document.querySelector<HTMLElement>(".heat")!;
      const plot = document.querySelector<HTMLElement>(".heat-plot")!;
      scroller.scrollTop = 0;
      scroller.focus();
      const between: number[] = [];
      const move = (step: number): void => {
        const box = plot.getBoundingClientRect();
        if (motion === "hover") {
          const clientX = box.left + ((step % layers) + 0.5) * (box.width / layers);
          const clientY = box.top + scroller.scrollTop + ((step * 7) % 20) * 15 + 7;
          plot.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, bubbles: true }));
        } else if (motion === "keys") {
          const key = step % 2 === 0 ? "ArrowDown" : "ArrowRight";
          scroller.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        } else if (motion === "scroll") scroller.scrollTop = (step * 25) % 4000;
        else if (motion === "held cell") {
          // A snapshot of the host, as it comes for each step: the whole state, nothing of it shared with the last one.
          window.postMessage(
            { type: "state", state: { ...state, cell: { position: step, k: step % layers } } },
            "*",
          );
        }
      };
      let last = await new Promise<number>(requestAnimationFrame);
      for (let step = 0; step < count; step++) {
        move(step);
        const at = await new Promise<number>(requestAnimationFrame);
        between.push(at - last);
        last = at;
      }
      return between;
    },
    { motion, count: FRAMES, layers: LAYERS, state: largeState(TOKENS, LAYERS) },
  );
}

/** Milliseconds from the message of a snapshot to the second frame after it: the first one has drawn it. */
async function firstPaint(panel: Panel): Promise<number> {
  return panel.page.evaluate(
    async (state) => {
      const start = performance.now();
      window.postMessage({ type: "state", state }, "*");
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (document.querySelector(".heat canvas"))
            requestAnimationFrame(() => {
              resolve();
            });
          else requestAnimationFrame(look);
        };
        look();
      });
      return performance.now() - start;
    },
    largeState(TOKENS, LAYERS),
  );
}

function at(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;
}

describe.skipIf(!canRun())(`a map of ${TOKENS} tokens × ${LAYERS} layers`, () => {
  const open = usePanels();

  it.each(THROTTLES)("draws its frames with the CPU %d times slower", async (rate) => {
    const panel = await open({ width: 470, height: 980 });
    await throttle(panel, rate);
    console.log(`CPU / ${rate}: first paint ${(await firstPaint(panel)).toFixed(0)} ms after the message`);
    for (const motion of MOTIONS) {
      const between = await frames(panel, motion);
      const perSecond = 1000 / (between.reduce((sum, time) => sum + time, 0) / between.length);
      const late = between.filter((time) => time > 25).length;
      console.log(
        `CPU / ${rate}, ${motion}: ${perSecond.toFixed(1)} frames a second, ${late} of ${FRAMES} late, ` +
          `median ${at(between, 0.5).toFixed(1)}, 95th percentile ${at(between, 0.95).toFixed(1)} ms ` +
          `(load ${loadavg()[0]!.toFixed(1)})`,
      );
      expect(between).toHaveLength(FRAMES);
    }
  });
});
