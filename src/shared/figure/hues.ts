/** The colours of ◆, ★ and neither in each kind of theme: one of each wherever they stand, as text, line and fill. */
import type { Outcome } from "../experiment/outcome.ts";

/** The four kinds of VS Code theme, as the manifest's colours name them. */
export type ThemeKind = "dark" | "light" | "highContrast" | "highContrastLight";

/**
 * `#rrggbb` of each outcome. As text each has 4.5 : 1 or more on the theme's side bar, editor and chosen rows. Blue and
 * orange of one hue in all four; they stay apart, and apart from the grey, in all common forms of colour blindness.
 * package.json contributes the same values, which a user can replace.
 */
export const OUTCOME_HUES: Readonly<Record<ThemeKind, Readonly<Record<Outcome, string>>>> = {
  dark: { source: "#58aae8", target: "#e8a33d", neither: "#a3a3a8" },
  light: { source: "#0b67b2", target: "#a84c00", neither: "#61616a" },
  highContrast: { source: "#6cc0ff", target: "#ffb74d", neither: "#d0d0d4" },
  highContrastLight: { source: "#0a4f8f", target: "#8a4600", neither: "#4a4a50" },
};

/** The hues of a kind of theme as VS Code gives them to a page: variables' names without `--vscode-`. */
export function hueVariables(kind: ThemeKind): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(OUTCOME_HUES[kind]).map(([outcome, hue]) => [`stateSwap-${outcome}`, hue]),
  );
}
