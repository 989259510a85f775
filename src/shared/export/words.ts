/** A session in words, for captions and summaries: what was run on what, under which convention. */
import * as l10n from "@vscode/l10n";
import type { Alignment } from "../condition/parts.ts";
import type { Condition } from "../condition/condition.ts";
import { descriptorOf, ownValuesText } from "../condition/condition.ts";
import { conventionText } from "../words/facts.ts";
import { placeText, rangeText, runsOf } from "../text/ranges.ts";
import type { Session, SessionModel, SessionPrompt } from "../session/session.ts";
import { isPartial, replacedIn } from "../session/session.ts";
import { sessionPanel, sessionVerdict } from "../session/session-panel.ts";
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
    title: sentence === "" ? titleOf(session) : sentence,
    facts: [
      ...prompts,
      l10n.t("Model: {0}", modelText(model)),
      [l10n.t("Condition: {0}", conditionText(session)), conventionText(convention), bosText(session)].join(
        " · ",
      ),
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
export function modelText({ name, blocks, numeric, sha256 }: SessionModel): string {
  const hash = sha256 === null ? l10n.t("hash unknown") : l10n.t("sha256 {0}…", sha256.slice(0, 12));
  return [lineOf(name), l10n.t("{0} blocks", blocks), lineOf(numeric), hash]
    .filter((fact) => fact !== "")
    .join(" · ");
}

/** The condition's name with its seeds, strength and source layer where they are not the paper's. */
export function conditionText({ sweep, grid, model }: Session): string {
  if (sweep)
    return [descriptorOf(sweep.condition.kind).name(), ...settings(sweep.condition, model.blocks)].join(", ");
  if (!grid) return l10n.t("none");
  return [
    l10n.t("Swap at every token"),
    ...layerText(grid.sourceLayer, model.blocks),
    ...strengthText(grid.strength),
  ].join(", ");
}

function settings(condition: Condition, blocks: number): string[] {
  const texts: string[] = [];
  if (condition.kind === "swap") {
    if (condition.align !== null) texts.push(alignText(condition.align));
    texts.push(...layerText(condition.sourceLayer, blocks));
  }
  texts.push(...ownValuesText(condition));
  if ("seeds" in condition) texts.push(seedsText(condition.seeds));
  if ("strength" in condition) texts.push(...strengthText(condition.strength));
  return texts;
}

function alignText(align: Alignment): string {
  switch (align) {
    case "last":
      return l10n.t("align last");
    case "each":
      return l10n.t("align each");
    case "mean":
      return l10n.t("align mean");
  }
}

/** `seed 3`, or `seeds 0–4`. */
export function seedsText(seeds: readonly number[]): string {
  const [first = 0, last = first] = [seeds[0], seeds.at(-1)];
  if (seeds.length === 1) return l10n.t("seed {0}", first);
  const isStretch = last - first + 1 === seeds.length;
  return l10n.t("seeds {0}", isStretch ? rangeText(first, last) : seeds.join(", "));
}

function layerText(layer: number | null, blocks: number): string[] {
  if (layer === null) return [];
  return [
    layer === blocks
      ? l10n.t("source state after the last block")
      : l10n.t("source state before block {0}", layer),
  ];
}

function strengthText(strength: number): string[] {
  return strength === 1 ? [] : [l10n.t("strength {0}", strength)];
}

/** Where the beginning-of-sequence token comes from, the policy, and whether it was replaced. */
export function bosText(session: Session): string {
  const { policy, added } = session.target.tokenization.bos;
  if (!session.target.startsWithBos) return l10n.t("BOS: none (policy {0})", policy);
  const replaced = replacedIn(session).includes(0);
  if (added) {
    return replaced
      ? l10n.t("BOS: added by the tokenizer (policy {0}), replaced too", policy)
      : l10n.t("BOS: added by the tokenizer (policy {0}), not replaced", policy);
  }
  return replaced
    ? l10n.t("BOS: part of the prompt (policy {0}), replaced too", policy)
    : l10n.t("BOS: part of the prompt (policy {0}), not replaced", policy);
}

/** Positions with their tokens: `'␣Italy' @2`; long lists as ranges only. */
export function positionsText({ tokenization }: SessionPrompt, positions: readonly number[]): string {
  if (positions.length === 0) return l10n.t("none");
  const all = positions.length > 1 && positions.length === tokenization.ids.length - 1 && positions[0] === 0;
  if (all) return l10n.t("all {0} tokens but the last", positions.length);
  return runsOf(positions)
    .map(({ from, to }) => {
      const place = placeText({ from, to });
      if (to - from > 5) return place;
      const text = tokenization.tokens.slice(from, to + 1).map((token) => token.text);
      return `'${shownText(text.join(""))}' ${place}`;
    })
    .join(", ");
}
