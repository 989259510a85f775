/** The keys of commands as the manifest binds them, for hints. Keys that the user changed are not known to extensions. */
import type { CommandKeys, KeyedCommand, PanelState } from "../../shared/protocol/panel.ts";
import * as v from "valibot";
import { COMMAND_IDS } from "../ids.ts";

/** A Mac's key is the other's where the manifest names none. */
const manifestSchema = v.object({
  contributes: v.object({
    keybindings: v.array(v.object({ command: v.string(), key: v.string(), mac: v.optional(v.string()) })),
  }),
});

const KEYED: readonly KeyedCommand[] = ["copyState", "swapStateHere", "runCondition", "runGrid", "runAgain"];

/** The first keys of each command that the panel names; none when the manifest does not have its form. */
export function commandKeys(manifest: unknown): NonNullable<PanelState["keys"]> {
  const parsed = v.safeParse(manifestSchema, manifest);
  if (!parsed.success) return {};
  const { keybindings } = parsed.output.contributes;
  const found = KEYED.flatMap((name): [KeyedCommand, CommandKeys][] => {
    const bound = keybindings.find(({ command }) => command === COMMAND_IDS[name]);
    return bound ? [[name, { key: bound.key, mac: bound.mac ?? bound.key }]] : [];
  });
  return Object.fromEntries(found);
}
