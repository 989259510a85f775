/** A session in words, for captions and summaries: what was run on what, under which convention. */
import * as l10n from "@vscode/l10n";
import { replacesBos } from "../condition/condition.ts";
import { conditionName, gridName } from "../words/condition.ts";
import { bosText, conventionText } from "../words/facts.ts";
import type { Session, SessionModel } from "../session/session.ts";
import { isPartial } from "../session/session.ts";
import { sessionPanel, sessionVerdict } from "../session/session-panel.ts";
import { hashText } from "../words/model.ts";
import { textOf } from "../words/parts.ts";
import { shownText } from "../text/text-width.ts";
import type { Caption } from "../figure/caption.ts";

/** Title, facts and verdict of a picture of the session. */
export function sessionCaption(session: Session): Caption {
  const { model, target, source, convention } = session;
  const { sentence } = sessionPanel(session);
  const prompts = [l10n.t("Prompt: {0}", shownText(target.tokenization.text))];
  const other = source && source.tokenization.text !== target.tokenization.text;
  if (other) prompts.push(l10n.t("Source prompt: {0}", shownText(source.tokenization.text)));
  return {
    title: sentence.length === 0 ? titleOf(session) : textOf(sentence),
    facts: [
      ...prompts,
      l10n.t("Model: {0}", modelText(model)),
      [
        l10n.t("Condition: {0}", conditionText(session)),
        conventionText(convention),
        bosAndPolicy(session),
      ].join(" · "),
      ...(isPartial(session) ? [l10n.t("Partial: kept from a run that had not ended.")] : []),
      ...(model.embedded ? [l10n.t("Demonstration model: never evidence.")] : []),
    ],
    verdict: session.sweep ? lineOf(textOf(sessionVerdict(session))) : "",
  };
}

/** The session's name for people. */
export function titleOf(session: Session): string {
  return session.label === "" ? l10n.t("State Swap session") : lineOf(session.label);
}

/** Words of people on one line, without characters that control anything. */
export function lineOf(text: string): string {
  return shownText(text).replaceAll("␣", " ");
}

/** Name, size, numeric mode and the beginning of the hash. */
function modelText(model: SessionModel): string {
  const { name, blocks, numeric, sha256 } = model;
  const hash = sha256 === null ? l10n.t("hash unknown") : `${hashText(model)}…`;
  return [lineOf(name), l10n.t("{0} layers", blocks), lineOf(numeric), hash]
    .filter((fact) => fact !== "")
    .join(" · ");
}

/** The condition's name with its settings where they are not the paper's. */
export function conditionText({ sweep, grid, model }: Session): string {
  if (sweep) return conditionName(sweep.condition, model.blocks);
  return grid ? gridName(grid, model.blocks) : l10n.t("none");
}

/** Where the beginning-of-sequence token comes from, whether it was replaced, and the policy. */
export function bosAndPolicy({ sweep, target }: Session): string {
  const { policy, added } = target.tokenization.bos;
  const said = bosText(target.startsWithBos, added, sweep && replacesBos(sweep.condition));
  return l10n.t("{0} (policy {1})", said, policy);
}
