/** Export…, of a result that the panel has: it is made a session first. */
import { interventionAtHand, requiredIntervention } from "../ask/intervention-at-hand.ts";
import type { Host } from "../host.ts";
import { baseName, folderFor, sessionNow } from "../sessions/save-session.ts";
import { exportSession } from "./export-command.ts";

/**
 * Exports a result.
 *
 * @param id of an intervention; anything else takes the one at hand
 * @throws SwapError `usage` without a result; `write-failed`
 */
export async function exportResult(host: Host, id: unknown): Promise<void> {
  const intervention = interventionAtHand(host, id) ?? requiredIntervention(host);
  const session = await sessionNow(host, intervention);
  const folder = folderFor(host, intervention);
  await exportSession(session, folder, baseName(session), {
    host,
    pages: host.exportPages,
    shownOn: "panel",
  });
}
