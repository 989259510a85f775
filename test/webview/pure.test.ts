/** What the panel computes without a browser: selection, folding, keys, ticks, colours, kept state. */
import { describe, expect, it } from "vitest";
import type { Palette } from "../../src/shared/figure/color-scale.ts";
import { divergingColor, outcomeColor, parseColor, rankColor } from "../../src/shared/figure/color-scale.ts";
import { foldChips, pressed } from "../../webview/panel/chip-selection.ts";
import { blockTicks, probabilityText, signedText } from "../../src/shared/text/format.ts";
import type { CellRef } from "../../src/shared/figure/grid-cells.ts";
import { bandAt, bandOf, rowBands } from "../../src/shared/figure/row-bands.ts";
import { moveCell } from "../../webview/figures/heatmap-keys.ts";
import { reaches } from "../../webview/figures/heatmap-draw.ts";
import { largeState } from "../support/panel/snapshots.ts";
import { keepUnchanged } from "../../webview/parts/keep-unchanged.ts";
import { INITIAL_UI_STATE, readUiState } from "../../webview/panel/ui-state.ts";

const PLAIN = { extend: false, toggle: false };

describe("choosing tokens", () => {
  it("replaces the choice on a plain press", () => {
    expect(pressed([3, 4], 9, 3, PLAIN)).toEqual([9]);
  });
  it("extends from the anchor in either direction", () => {
    expect(pressed([5], 8, 5, { ...PLAIN, extend: true })).toEqual([5, 6, 7, 8]);
    expect(pressed([5], 3, 5, { ...PLAIN, extend: true })).toEqual([3, 4, 5]);
  });
  it("adds and takes away with Ctrl, in ascending order", () => {
    expect(pressed([5], 2, 5, { ...PLAIN, toggle: true })).toEqual([2, 5]);
    expect(pressed([2, 5], 5, 5, { ...PLAIN, toggle: true })).toEqual([2]);
  });
});

describe("folding a long prompt", () => {
  it("shows every token of a short prompt", () => {
    expect(foldChips(26, [21], false)).toEqual([{ from: 0, to: 25, folded: false }]);
  });
  it("keeps start, end and the surroundings of the chosen token, and loses no token", () => {
    const runs = foldChips(400, [200], false);
    expect(runs.filter((run) => run.folded)).toHaveLength(2);
    expect(runs.reduce((sum, run) => sum + run.to - run.from + 1, 0)).toBe(400);
    expect(runs.some((run) => !run.folded && run.from <= 200 && run.to >= 200)).toBe(true);
  });
  it("shows all when unfolded", () => {
    expect(foldChips(400, [200], true)).toEqual([{ from: 0, to: 399, folded: false }]);
  });
});

describe("keys on the heatmap", () => {
  const layers = { from: 4, to: 29 };
  const bands = rowBands(26, [], () => false);
  it("stops at the edges", () => {
    expect(moveCell("ArrowLeft", false, { position: 0, k: 4 }, bands, layers)).toEqual({ position: 0, k: 4 });
    expect(moveCell("PageDown", false, { position: 20, k: 4 }, bands, layers)).toEqual({
      position: 25,
      k: 4,
    });
  });
  it("goes to the ends of the row, with Ctrl to the ends of the map", () => {
    expect(moveCell("End", false, { position: 3, k: 9 }, bands, layers)).toEqual({ position: 3, k: 29 });
    expect(moveCell("Home", true, { position: 3, k: 9 }, bands, layers)).toEqual({ position: 0, k: 4 });
  });
  it("passes closed folds in one step, in both directions", () => {
    const folded = rowBands(26, [{ from: 4, to: 19, reason: "unchanged" }], () => false);
    const from = (position: number): CellRef => ({ position, k: 9 });
    expect(moveCell("ArrowDown", false, from(3), folded, layers)).toEqual(from(4));
    expect(moveCell("ArrowDown", false, from(4), folded, layers)).toEqual(from(20));
    expect(moveCell("ArrowUp", false, from(20), folded, layers)).toEqual(from(4));
  });
  it("leaves other keys alone", () => {
    expect(moveCell("a", false, { position: 3, k: 9 }, bands, layers)).toBeNull();
  });
});

describe("rows of the map", () => {
  it("find the band of a height and of a token alike, folds of hundreds in a thumb's height", () => {
    const bands = rowBands(300, [{ from: 2, to: 290, reason: "unchanged" }], () => false);
    expect(bands.height).toBe(11 * 15 + 24);
    for (const band of bands.list) {
      expect(bandAt(bands, band.top)).toBe(band);
      expect(bandAt(bands, band.top + band.height - 0.5)).toBe(band);
      expect(bandOf(bands, band.to)).toBe(band);
    }
    expect(bandAt(bands, 1e6).from).toBe(299);
    expect(bandAt(bands, -1).from).toBe(0);
  });
});

describe("the causal cone", () => {
  it("holds the same and later tokens in later blocks only", () => {
    const from = { row: 5, column: 10 };
    expect(reaches(from, { row: 5, column: 11 })).toBe(true);
    expect(reaches(from, { row: 9, column: 29 })).toBe(true);
    expect(reaches(from, { row: 9, column: 10 })).toBe(false);
    expect(reaches(from, { row: 4, column: 29 })).toBe(false);
  });
});

describe("numbers", () => {
  it("does not round a possible answer to nothing", () => {
    expect(probabilityText(Math.log(0.0001))).toBe("1e-4");
    expect(probabilityText(Math.log(0.9571))).toBe("0.957");
    expect(probabilityText(null)).toBe("–");
  });
  it("signs differences with a real minus", () => {
    expect([signedText(6.04), signedText(-8.31), signedText(-0.01)]).toEqual(["+6.0", "−8.3", "0.0"]);
  });
  it.each([100, 160, 300, 600])("ticks both ends and keeps labels apart at %i px", (width) => {
    const ticks = blockTicks(0, 29, width);
    expect([ticks[0], ticks.at(-1)]).toEqual([0, 29]);
    const gaps = ticks.slice(1).map((k, index) => ((k - ticks[index]!) * width) / 30);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(20);
  });
  it("ticks a single block once", () => {
    expect(blockTicks(7, 7, 200)).toEqual([7]);
  });
});

describe("colours", () => {
  const palette: Palette = {
    source: [79, 163, 224, 1],
    target: [232, 163, 61, 1],
    neither: [138, 143, 150, 1],
    foreground: [204, 204, 204, 1],
    background: [24, 24, 24, 1],
    focus: [0, 120, 212, 1],
    highContrast: false,
  };
  it("reads every form in which browsers report a computed colour", () => {
    expect(parseColor("rgb(1, 2, 3)")).toEqual([1, 2, 3, 1]);
    expect(parseColor("rgba(1, 2, 3, 0.5)")).toEqual([1, 2, 3, 0.5]);
    expect(parseColor("color(srgb 1 0.5 0 / 0.25)")).toEqual([255, 127.5, 0, 0.25]);
  });
  it("keeps the unpatched outcome calmer than the others", () => {
    const alpha = (outcome: "source" | "target" | "neither"): number => outcomeColor(outcome, palette)[3];
    expect(alpha("target")).toBeLessThan(alpha("neither"));
    expect(alpha("neither")).toBeLessThan(alpha("source"));
  });
  it("goes from the target's hue through a faint neutral to the source's", () => {
    expect(divergingColor(1, palette)).toEqual(palette.source);
    expect(divergingColor(-1, palette).slice(0, 3)).toEqual(palette.target.slice(0, 3));
    expect(divergingColor(0, palette)[3]).toBeLessThan(0.2);
    expect(divergingColor(7, palette)).toEqual(divergingColor(1, palette));
  });
  it("grows with the rank", () => {
    const alphas = [1, 2, 10, 1000, 50_000].map((rank) => rankColor(rank, palette)[3]);
    expect([...alphas].sort((a, b) => a - b)).toEqual(alphas);
    expect(alphas[0]).toBeLessThan(0.1);
  });
});

describe("kept state", () => {
  it("comes back as it was", () => {
    const kept = { ...INITIAL_UI_STATE, metric: "rank", scrollTop: 40, closed: ["answers"] };
    expect(readUiState(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
  });
  it("starts afresh from another version or another shape", () => {
    for (const kept of [
      undefined,
      null,
      3,
      { version: 2 },
      { ...INITIAL_UI_STATE, metric: "hue" },
      { ...INITIAL_UI_STATE, closed: 1 },
    ]) {
      expect(readUiState(kept)).toEqual(INITIAL_UI_STATE);
    }
  });
});

describe("a snapshot after another", () => {
  it("keeps the parts that did not change, themselves, and is equal to what came", () => {
    const before = largeState(20, 4);
    const came = structuredClone({ ...before, cell: { position: 3, k: 2 } });
    const kept = keepUnchanged(before, structuredClone(came));
    expect(kept).toEqual(came);
    expect(kept).not.toBe(before);
    for (const part of ["grid", "target", "model", "sentence", "condition"] as const)
      expect(kept[part], part).toBe(before[part]);
    expect(keepUnchanged(before, structuredClone(before))).toBe(before);
  });

  it("tells lists of other lengths, lost fields, null and NaN apart", () => {
    const next = (before: unknown, came: unknown): unknown => keepUnchanged(before, came);
    expect(next({ a: [1, 2] }, { a: [1] })).toEqual({ a: [1] });
    expect(next({ a: 1, b: undefined }, { a: 1 })).toEqual({ a: 1 });
    expect(Object.keys(next({ a: 1, b: undefined }, { a: 1 }) as object)).toEqual(["a"]);
    expect(next({ a: undefined }, { b: undefined })).toEqual({ b: undefined });
    expect(next({ a: null }, { a: {} })).toEqual({ a: {} });
    expect(next({ a: [] }, { a: {} })).toEqual({ a: {} });
    const list = [NaN, null];
    expect(next(list, [NaN, null])).toBe(list);
  });
});
