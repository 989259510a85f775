/** The hover on a prompt with a result: what can be done next, the verdict, the table of k, all of it in view at once. */
import * as l10n from "@vscode/l10n";
import type { StaleReason } from "../../shared/experiment/standing.ts";
import { standingText } from "../../shared/words/standing.ts";
import { takesSource } from "../../shared/condition/condition.ts";
import { OUTCOME_MARK } from "../../shared/experiment/outcome.ts";
import { keepOneBosLabel, noteAdvice, noteParts } from "../../shared/words/notes.ts";
import { verdict } from "../../shared/words/verdict.ts";
import { placeText } from "../../shared/text/ranges.ts";
import type { Token } from "../../shared/prompt/tokens.ts";
import { COMMAND_IDS } from "../ids.ts";
import { verdictFacts } from "../interventions/facts.ts";
import type { Intervention, Source, SweepRun } from "../interventions/records.ts";
import { ranBlocks } from "../interventions/layers.ts";
import { runWordOf, sentenceOf } from "../interventions/sentence.ts";
import { sweepNotes } from "../interventions/notes.ts";
import { sweepTable } from "./hover-table.ts";
import { colored, commandLink, escaped, markdownOf, tokenCode } from "../markdown.ts";

/** Commands that a hover may run. */
export const HOVER_COMMANDS: readonly string[] = [
  COMMAND_IDS.swapStateHere,
  COMMAND_IDS.runAgain,
  COMMAND_IDS.runGrid,
  COMMAND_IDS.runControls,
  COMMAND_IDS.keepOneBos,
  COMMAND_IDS.continueHere,
  COMMAND_IDS.stepLayerDown,
  COMMAND_IDS.stepLayerUp,
  COMMAND_IDS.openPanel,
  COMMAND_IDS.chooseSource,
  COMMAND_IDS.clearResults,
  COMMAND_IDS.showLog,
];

/**
 * The hover's Markdown.
 *
 * @param stale why the result no longer stands
 * @param k the row that the marks show
 */
export function interventionHover(
  intervention: Intervention,
  stale: StaleReason | null,
  k: number | null,
): string {
  const { id, sweep } = intervention;
  const lines = [links(intervention), "", interventionSentence(intervention), ""];
  if (stale !== null) lines.push(markdownOf(standingText({ kind: "stale", reason: stale })), "");
  if (sweep) lines.push(...sweepLines(sweep, k, id), ...noteLines(sweep, id));
  if (sweep?.failure) lines.push("", `**${escaped(sweep.failure.message)}** ${escaped(sweep.failure.hint)}`);
  return lines.join("\n");
}

/**
 * The hover on a copied state.
 *
 * @param results where it was put in
 */
export function sourceHover({ read, span }: Source, results: readonly Intervention[] = []): string {
  const copied = l10n.t(
    "State of {0} {1} of {2} tokens is copied.",
    tokenCode(span.text),
    placeText(span),
    read.tokenization.tokens.length,
  );
  const names = read.tokenization.tokens.slice(span.from, span.to + 1).map(({ text }) => text);
  const isOtherwise = names.join("") !== span.text && names.join("").trim() !== span.text.trim();
  const swap = commandLink(
    l10n.t("Swap State Here"),
    COMMAND_IDS.swapStateHere,
    [],
    l10n.t("Put it over the tokens that are selected now"),
  );
  return [
    [swap, ...results.map(resultLink)].join(" · "),
    "",
    `${colored(OUTCOME_MARK.source, "source")} ${copied} ${escaped(l10n.t("Select the tokens that it should replace."))}`,
    ...(isOtherwise ? ["", names.map(tokenCode).join(" ")] : []),
  ].join("\n");
}

function resultLink({ id, target }: Intervention): string {
  const title = l10n.t("Show this in the side panel");
  return commandLink(l10n.t("Result in {0}", escaped(target.label)), COMMAND_IDS.openPanel, [id], title);
}

/** The hover on a shown token. */
export function tokenHover(token: Token): string {
  return l10n.t("Token {0} @{1} · id {2}", tokenCode(token.text), token.index, token.id);
}

function interventionSentence(intervention: Intervention): string {
  const parts = sentenceOf(intervention, ranBlocks(intervention), true);
  if (parts.length === 0) return l10n.t("Something is still to be chosen.");
  return markdownOf(parts);
}

function sweepLines(sweep: SweepRun, k: number | null, id: number): string[] {
  const { rows, answers } = sweep;
  if (rows.length === 0) return [sweep.state === "running" ? l10n.t("Running …") : l10n.t("No rows.")];
  const said = markdownOf(verdict(rows, verdictFacts(sweep)));
  const { lines, isCut } = sweepTable(rows, answers, k);
  const panel = openPanel(id);
  const all = isCut ? l10n.t("More rows and all numbers: {0}", panel) : l10n.t("All numbers: {0}", panel);
  return [...(sweep.state === "complete" ? [said, ""] : []), ...lines, "", all];
}

function openPanel(id: number): string {
  return commandLink(
    l10n.t("Open Panel"),
    COMMAND_IDS.openPanel,
    [id],
    l10n.t("Show this in the side panel"),
  );
}

/** What could be overlooked, each in a paragraph of its own. */
function noteLines(sweep: SweepRun, id: number): string[] {
  return sweepNotes(sweep).flatMap((note) => {
    const said = `${markdownOf(noteParts(note))} ${escaped(noteAdvice(note))}`.trimEnd();
    const keep = (): string =>
      commandLink(
        keepOneBosLabel(),
        COMMAND_IDS.keepOneBos,
        [id],
        l10n.t("Set the BOS policy so that a text’s own token is the only one, and run again"),
      );
    return ["", note.code === "two-bos" ? `${said} ${keep()}` : said];
  });
}

function runAgain(intervention: Intervention): string {
  return commandLink(
    runWordOf(intervention),
    COMMAND_IDS.runAgain,
    [intervention.id],
    l10n.t("Run this on the prompt as it is now"),
  );
}

function links(intervention: Intervention): string {
  const { id, sweep, source, setup } = intervention;
  const hasRows = (sweep?.rows.length ?? 0) > 0;
  const isSwap = takesSource(setup.choice.kind);
  return [
    runAgain(intervention),
    ...(source
      ? [
          commandLink(
            l10n.t("Run Grid"),
            COMMAND_IDS.runGrid,
            [id],
            l10n.t("Put the source’s state at every token"),
          ),
        ]
      : []),
    commandLink(
      l10n.t("Run Controls"),
      COMMAND_IDS.runControls,
      [id],
      l10n.t("What other states at the same tokens do"),
    ),
    ...(hasRows
      ? [
          commandLink(
            l10n.t("Continue Text…"),
            COMMAND_IDS.continueHere,
            [id],
            l10n.t("What the model goes on to say"),
          ),
        ]
      : []),
    commandLink(l10n.t("Step Layer Down"), COMMAND_IDS.stepLayerDown, [id], l10n.t("Show the next lower k")),
    commandLink(l10n.t("Step Layer Up"), COMMAND_IDS.stepLayerUp, [id], l10n.t("Show the next higher k")),
    ...(isSwap
      ? [
          commandLink(
            l10n.t("Choose Source…"),
            COMMAND_IDS.chooseSource,
            [id],
            l10n.t("Put in another state"),
          ),
        ]
      : []),
    ...(hasRows ? [] : [openPanel(id)]),
    commandLink(l10n.t("Clear Results"), COMMAND_IDS.clearResults, [id], l10n.t("Remove this result")),
  ].join(" · ");
}
