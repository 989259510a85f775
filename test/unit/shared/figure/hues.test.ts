/** The colours of ◆, ★ and neither: one of each everywhere, readable in each theme, told apart by every eye and by none. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import manifest from "../../../../package.json" with { type: "json" };
import { OUTCOME_MARK } from "../../../../src/shared/experiment/outcome.ts";
import type { Palette, Rgba } from "../../../../src/shared/figure/color-scale.ts";
import type { ThemeKind } from "../../../../src/shared/figure/hues.ts";
import { OUTCOME_HUES } from "../../../../src/shared/figure/hues.ts";
import {
  inkOn,
  luminance,
  outcomeCellFill,
  outcomeFill,
  printLook,
  shownLook,
} from "../../../../src/shared/figure/look.ts";
import { THEME_CSS } from "../../../../src/shared/figure/theme-css.ts";
import type { Sight } from "../../../support/color-vision.ts";
import { distance } from "../../../support/color-vision.ts";

const OUTCOMES = ["source", "target", "neither"] as const;
const PAIRS = [
  ["source", "target"],
  ["source", "neither"],
  ["target", "neither"],
] as const;
const FILES: Readonly<Record<ThemeKind, string>> = {
  dark: "dark",
  light: "light",
  highContrast: "hc-dark",
  highContrastLight: "hc-light",
};
const KINDS = Object.keys(FILES) as ThemeKind[];
/** `list.inactiveSelectionBackground` of the default themes; high contrast has none. */
const CHOSEN_ROW: Partial<Record<ThemeKind, string>> = { dark: "#37373d", light: "#e4e6f1" };

/** VS Code's own colours of a theme, `#rrggbb`. */
function themeColors(kind: ThemeKind): Record<string, string> {
  const file = new URL(`../../../webview/themes/${FILES[kind]}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { colors: Record<string, string> }).colors;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

function rgba(hex: string): Rgba {
  const channel = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  return [channel(1), channel(3), channel(5), 1];
}

function palette(kind: ThemeKind): Palette {
  const colors = themeColors(kind);
  const hues = OUTCOME_HUES[kind];
  return {
    source: rgba(hues.source),
    target: rgba(hues.target),
    neither: rgba(hues.neither),
    foreground: rgba(colors.foreground!),
    background: rgba(colors["sideBar-background"]!),
    focus: rgba(colors.focusBorder!),
    highContrast: kind.startsWith("high"),
  };
}

describe("one hue of each", () => {
  it("is what the manifest contributes, for editor, hover and panel", () => {
    const contributed = manifest.contributes.colors;
    for (const outcome of OUTCOMES) {
      const found = contributed.find(({ id }) => id === `stateSwap.${outcome}`)!.defaults;
      const hues = Object.fromEntries(KINDS.map((kind) => [kind, OUTCOME_HUES[kind][outcome]]));
      expect(found, outcome).toEqual(hues);
    }
  });

  it("is what the exported page has", () => {
    for (const kind of ["light", "dark"] as const) {
      for (const outcome of OUTCOMES) {
        expect(THEME_CSS).toContain(`--vscode-stateSwap-${outcome}: ${OUTCOME_HUES[kind][outcome]};`);
      }
    }
  });

  it.each(["source", "target"] as const)("of %s turns by less than 12° between themes", (outcome) => {
    const angles = KINDS.map((kind) => hueAngle(OUTCOME_HUES[kind][outcome]));
    expect(Math.max(...angles) - Math.min(...angles)).toBeLessThan(12);
  });
});

describe.each(KINDS)("in %s", (kind) => {
  const colors = themeColors(kind);
  const hues = OUTCOME_HUES[kind];

  it("each is readable as text on side bar, editor and chosen row", () => {
    const grounds = [colors["sideBar-background"], colors["editor-background"], CHOSEN_ROW[kind]];
    for (const ground of grounds.filter((color) => color !== undefined)) {
      for (const outcome of OUTCOMES) {
        expect(contrast(hues[outcome], ground), `${outcome} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("letters are readable on each", () => {
    for (const outcome of OUTCOMES) {
      expect(contrast(inkOn(hues[outcome]), hues[outcome]), outcome).toBeGreaterThanOrEqual(4.5);
    }
    // The strip and the map write with the side bar's own colour on the source's.
    expect(contrast(colors["sideBar-background"]!, hues.source)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["normal", "deuteranopia", "protanopia"] as Sight[])("all are apart to %s eyes", (sight) => {
    const look = shownLook(palette(kind));
    for (const [a, b] of PAIRS) {
      expect(distance(hues[a], hues[b], sight), `${a}, ${b}`).toBeGreaterThan(20);
      const cells = [outcomeCellFill(a, look), outcomeCellFill(b, look)] as const;
      expect(distance(...cells, sight), `cells of ${a}, ${b}`).toBeGreaterThan(10);
    }
    expect(outcomeFill("source", look)).toBe(hues.source);
  });
});

describe("without colour", () => {
  it("each outcome has a mark of its own", () => {
    expect(new Set(OUTCOMES.map((outcome) => OUTCOME_MARK[outcome])).size).toBe(3);
  });

  it.each(["dark", "light"] as const)("the source's cells stand out of the map in %s", (kind) => {
    const look = shownLook(palette(kind));
    for (const other of ["target", "neither"] as const) {
      const cells = [outcomeCellFill("source", look), outcomeCellFill(other, look)] as const;
      expect(distance(...cells, "gray"), other).toBeGreaterThan(15);
    }
  });

  it("printed cells differ in lightness, and in print's own colours for every eye", () => {
    for (const sight of ["normal", "deuteranopia", "protanopia", "gray"] as const) {
      for (const [a, b] of PAIRS) {
        const fills = [outcomeFill(a, printLook), outcomeFill(b, printLook)] as const;
        expect(distance(...fills, sight), `${a}, ${b}, ${sight}`).toBeGreaterThan(15);
      }
    }
  });
});

/** Hue of `#rrggbb`, degrees of the HSL circle. */
function hueAngle(color: string): number {
  const [r, g, b] = rgba(color);
  const [max, min] = [Math.max(r, g, b), Math.min(r, g, b)];
  const turn =
    max === r ? (g - b) / (max - min) : max === g ? 2 + (b - r) / (max - min) : 4 + (r - g) / (max - min);
  return (60 * turn + 360) % 360;
}
