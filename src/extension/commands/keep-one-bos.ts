/** Keep One BOS: prompts whose text brings the token get no second one. */
import type { Host } from "../host.ts";
import { SETTING_KEYS, SETTING_SECTION } from "../ids.ts";
import { requiredIntervention } from "../ask/intervention-at-hand.ts";
import { runAgain } from "./run-again.ts";

/**
 * Sets the BOS policy to `on`, which leaves a text alone that begins with the token and adds it to others, and runs the
 * result again. `off` would take it away from the other prompt.
 */
export async function keepOneBos(host: Host, id: unknown): Promise<void> {
  const { workspace, ConfigurationTarget } = host.vs;
  const place = workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await workspace.getConfiguration(SETTING_SECTION).update(SETTING_KEYS.bos, "on", place);
  await runAgain(host, requiredIntervention(host, id));
}
