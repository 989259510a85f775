/** Sentences with elements in their slots, in the order of the language that they are in. */
import type { ComponentChildren } from "preact";

/** `Select {0} in one prompt` with an element at `{0}`; `template` comes from `l10n.t` without values. */
export function filled(template: string, ...parts: readonly ComponentChildren[]): ComponentChildren[] {
  // Texts and the numbers of slots take turns.
  return template.split(/\{(\d+)\}/).map((part, i) => (i % 2 === 0 ? part : parts[Number(part)]));
}
