/** Show Attention: where the prompt's last token looks, block by block. */
import type { Host } from "../host.ts";
import { COMMAND_IDS } from "../ids.ts";
import { readPrompt } from "../prompt/read-prompt.ts";
import { newIntervention } from "../interventions/make-intervention.ts";
import type { Intervention } from "../interventions/records.ts";
import { promptsToRead } from "../ask/ask-values.ts";
import { interventionAtCursor, interventionAtHand } from "../ask/intervention-at-hand.ts";
import { refreshedIntervention } from "./run-again.ts";

/**
 * Reads the attention of the named prompt, of the one at the cursor, or of the one in the panel, and opens the panel.
 *
 * @throws SwapError `bad-span` where no prompt is
 */
export async function showAttention(host: Host, id?: unknown): Promise<void> {
  const isNamed = typeof id === "number" && host.store.intervention(id) !== null;
  const known = isNamed || !host.vs.window.activeTextEditor ? interventionAtHand(host, id) : null;
  const intervention = known ?? interventionAtCursor(host) ?? (await promptOnly(host));
  if (!intervention) return;
  const fresh = await refreshedIntervention(host, intervention);
  host.store.set({ shownId: fresh.id });
  void host.vs.commands.executeCommand(COMMAND_IDS.openPanel);
  await host.runner.attention(fresh);
}

/** The prompt at the cursor with nothing run on it yet. */
async function promptOnly(host: Host): Promise<Intervention | null> {
  const { store } = host;
  const editor = host.vs.window.activeTextEditor;
  const [picked] = (editor && (await promptsToRead(host, editor))) ?? [];
  if (!picked) return null;
  const target = await readPrompt(picked.toRead, host.supervisor, host.reading);
  const setup = store.setupFor(target);
  const { source } = store.state;
  const made = newIntervention({ id: store.newId(), target, targets: [], source, align: null, setup });
  store.put(made);
  return made;
}
