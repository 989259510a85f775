/** The command that keeps the user's access token for the hub that models are downloaded from. */
import * as l10n from "@vscode/l10n";
import type { Host } from "../host.ts";
import { askHubToken } from "../models/hub-access.ts";

/** Asks for it, and says what became of it. */
export async function setHubToken({ hub, notices }: Host): Promise<void> {
  const done = await askHubToken(hub);
  if (done === null) return;
  const { host } = new URL(hub.host);
  notices.hint(
    done === "kept"
      ? l10n.t("The access token for {0} is kept.", host)
      : l10n.t("No access token for {0} is kept.", host),
  );
}
