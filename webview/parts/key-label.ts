/** Keys as VS Code writes them in menus: `Ctrl+K Shift+C`, on a Mac `⌘K ⇧C`. */
import type { CommandKeys } from "../../src/shared/protocol/panel.ts";

const MAC_SIGNS: Readonly<Record<string, string>> = {
  cmd: "⌘",
  ctrl: "⌃",
  shift: "⇧",
  alt: "⌥",
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  escape: "⎋",
  backspace: "⌫",
  enter: "⏎",
};

/** The keys' name on this platform. */
export function keyLabel({ key, mac }: CommandKeys, isMac: boolean): string {
  const chords = (isMac ? mac : key).split(" ");
  return chords.map((chord) => chordLabel(chord, isMac)).join(" ");
}

function chordLabel(chord: string, isMac: boolean): string {
  const parts = chord.split("+").map((part) => {
    const sign = isMac ? MAC_SIGNS[part] : undefined;
    return sign ?? part.slice(0, 1).toUpperCase() + part.slice(1);
  });
  return parts.join(isMac ? "" : "+");
}
