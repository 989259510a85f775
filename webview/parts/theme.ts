/** The theme's colours, read from CSS as the browser resolves them, and news of their change. */
import { useEffect, useState } from "preact/hooks";
import type { Palette, Rgba } from "../../src/shared/figure/color-scale.ts";
import { parseColor } from "../../src/shared/figure/color-scale.ts";

/** Reads the palette off probe elements: computed colours have every variable and `color-mix()` resolved. */
export function readPalette(): Palette {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const color = (name: string): Rgba => {
    probe.className = `probe-${name}`;
    return parseColor(getComputedStyle(probe).color);
  };
  const palette: Palette = {
    source: color("source"),
    target: color("target"),
    neither: color("neither"),
    foreground: color("foreground"),
    background: color("background"),
    focus: color("focus"),
    highContrast:
      document.body.classList.contains("vscode-high-contrast") ||
      document.body.classList.contains("vscode-high-contrast-light") ||
      window.matchMedia("(forced-colors: active)").matches,
  };
  probe.remove();
  return palette;
}

/** The palette, read again whenever VS Code changes the theme: it sets the body's class and the html's style. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    const update = (): void => {
      setPalette(readPalette());
    };
    const observer = new MutationObserver(update);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
    observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
    const forced = window.matchMedia("(forced-colors: active)");
    forced.addEventListener("change", update);
    return () => {
      observer.disconnect();
      forced.removeEventListener("change", update);
    };
  }, []);
  return palette;
}
