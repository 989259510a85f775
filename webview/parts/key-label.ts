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

/** The keys' names on this platform, chord by chord. */
export function chordLabels({ key, mac }: CommandKeys, isMac: boolean): string[] {
  return (isMac ? mac : key).split(" ").map((chord) => chordLabel(chord, isMac));
}

function chordLabel(chord: string, isMac: boolean): string {
  const parts = chord.split("+").map((part) => {
    const sign = isMac ? MAC_SIGNS[part] : undefined;
    return sign ?? part.slice(0, 1).toUpperCase() + part.slice(1);
  });
  return parts.join(isMac ? "" : "+");
}
