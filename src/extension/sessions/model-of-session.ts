/** Opens the model that a session was made with: by its hashes, never by its name. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
import { passesFor, sameModel } from "../../shared/experiment/same-model.ts";
import type { Session, SessionModel } from "../../shared/session/session.ts";
import { HASH_LETTERS, modelPartName, partHash } from "../../shared/words/model.ts";
import type { Host } from "../host.ts";
import { COMMAND_IDS } from "../ids.ts";

/**
 * Opens the chosen model; when it is another one than the session's, asks for it, until the user has the same one, goes
 * on with another, or gives up.
 *
 * @returns the open model; null when the user gives up
 * @throws SwapError those of opening
 */
export async function openModelOf(host: Host, session: Session): Promise<SessionModel | null> {
  for (;;) {
    const model = await openModel(host);
    if (passesFor(model, session.model)) return model;
    const anyway = l10n.t("Run with This Model");
    const answer = await host.vs.window.showWarningMessage(
      l10n.t("This session was made with another model."),
      { modal: true, detail: differenceText(session.model, model) },
      l10n.t("Select Model…"),
      anyway,
    );
    if (answer === undefined) return null;
    if (answer === anyway) return refuseUnfit(session, model);
    const before = host.chosen.current?.path;
    await host.vs.commands.executeCommand(COMMAND_IDS.selectModel);
    // The picker was closed without a choice.
    if (host.chosen.current?.path === before) return null;
  }
}

/** The chosen model, opened, as sessions name it. */
export async function openModel({ supervisor, ranModels }: Host): Promise<SessionModel> {
  return ranModels.hashed(await supervisor.open());
}

function differenceText(stored: SessionModel, open: SessionModel): string {
  const agreement = sameModel(stored, open);
  const parts = agreement.kind === "differs" ? agreement.parts : (["file"] as const);
  const named = (model: SessionModel): string =>
    [
      model.name,
      ...parts.map((part) => `${modelPartName(part)}: ${partHash(model, part).slice(0, HASH_LETTERS)}`),
    ].join(", ");
  return l10n.t("Session: {0}\nChosen: {1}", named(stored), named(open));
}

/** Token ids of one vocabulary mean nothing in another. */
function refuseUnfit({ model: stored }: Session, open: SessionModel): SessionModel {
  if (stored.vocab === open.vocab && stored.blocks === open.blocks) return open;
  throw new SwapError(
    "unsupported-model",
    l10n.t(
      "The session’s token ids and layers do not fit {0}: it has {1} layers and {2} tokens, {3} has {4} and {5}.",
      open.name,
      open.blocks,
      open.vocab,
      stored.name,
      stored.blocks,
      stored.vocab,
    ),
    l10n.t("Select the session’s model, or open the session in its prompt and run it there."),
  );
}
