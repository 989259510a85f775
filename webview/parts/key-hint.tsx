/** The keys of a command beside its name; nothing when the user wants no hints. */
import type { VNode } from "preact";
import type { KeyedCommand, PanelState } from "../../src/shared/protocol/panel.ts";
import { chordLabels } from "./key-label.ts";

/** Chord by chord, as keyboard shortcuts look in VS Code. */
export function KeyHint(props: {
  readonly keys: PanelState["keys"];
  readonly command: KeyedCommand;
}): VNode | null {
  const keys = props.keys?.[props.command];
  if (!keys) return null;
  // The editor may run on another machine than the extension: only this page knows the user's keyboard.
  const chords = chordLabels(keys, /mac/i.test(navigator.userAgent));
  return (
    <span class="key-hint">
      {chords.map((chord, i) => (
        <kbd key={i}>{chord}</kbd>
      ))}
    </span>
  );
}
