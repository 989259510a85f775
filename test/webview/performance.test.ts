/** Measures what the webview must keep small or fast, and prints it; only the bundle's size has a limit. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { largeState } from "../support/panel/snapshots.ts";
import { bundleWebview, canRun, openPanel, startBrowser } from "./harness.ts";
import type { Bundle } from "./harness.ts";

/** Largest script, bytes (aim of the product). */
const BUNDLE_LIMIT = 300_000;

function summary(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(2);
  return `median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, max ${at(1)} ms over ${sorted.length} moves`;
}

it("keeps the script under its limit", async () => {
  const { script, style } = await bundleWebview();
  console.log(
    `webview bundle: script ${Buffer.byteLength(script)} bytes, style ${Buffer.byteLength(style)} bytes`,
  );
  expect(Buffer.byteLength(script)).toBeLessThan(BUNDLE_LIMIT);
});

describe.skipIf(!canRun())("hovering over a 200 × 32 heatmap", () => {
  let browser: Browser;
  let bundle: Bundle;
  beforeAll(async () => {
    [browser, bundle] = await Promise.all([startBrowser(), bundleWebview()]);
  });
  afterAll(async () => {
    await browser.close();
  });

  it.each([
    [400, 1],
    [1200, 2],
  ])("redraws for every move, %d px wide at a pixel ratio of %d", async (width, ratio) => {
    const panel = await openPanel(browser, bundle, { width, ratio, height: 1000, state: largeState() });
    const { times, lines } = await panel.page.evaluate(async () => {
      const plot = document.querySelector<HTMLElement>(".heat-plot")!;
      const box = plot.getBoundingClientRect();
      const times: number[] = [];
      const lines = new Set<string>();
      for (let move = 0; move < 300; move++) {
        await new Promise(requestAnimationFrame);
        // A walk over visible rows and all columns; each move enters another cell.
        const x = box.left + ((move % 32) + 0.5) * (box.width / 32);
        const y = box.top + ((move * 7) % 36) * 15 + 7;
        const start = performance.now();
        plot.dispatchEvent(new PointerEvent("pointermove", { clientX: x, clientY: y, bubbles: true }));
        // Rendering is queued as microtasks by the event; this one runs after them. Reading a height forces layout.
        await Promise.resolve().then(() => Promise.resolve());
        document.body.getBoundingClientRect();
        times.push(performance.now() - start);
        lines.add(document.querySelector(".cell-line")!.textContent);
      }
      return { times, lines: [...lines] };
    });
    console.log(`hover redraw, 200 x 32, ${width} px, ratio ${ratio}: ${summary(times)}`);
    // The moves were really drawn: nearly every one shows another cell.
    expect(lines.length).toBeGreaterThan(250);
    await panel.close();
  });
});
