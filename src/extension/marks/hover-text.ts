/** The hover on a prompt with a result: the table of k, the facts, and what can be done next. */
import { OUTCOME_MARK, verdict } from "../../shared/outcome.ts";
import type { Token } from "../../shared/tokens.ts";
import { commandIds } from "../ids.ts";
import { deltaText, factsOf } from "../swap/facts.ts";
import type { Intervention, Source, SweepRun } from "../swap/records.ts";
import { sentenceOf } from "../swap/sentence.ts";
import { outcomeRow } from "./after-text.ts";
import { sweepTable } from "./hover-table.ts";
import { commandLink, escaped, tokenCode } from "./markdown.ts";

/** Commands that a hover may run. */
export const hoverCommands: readonly string[] = [
  commandIds.runAgain,
  commandIds.runGrid,
  commandIds.runControls,
  commandIds.continueHere,
  commandIds.stepLayerDown,
  commandIds.stepLayerUp,
  commandIds.openPanel,
  commandIds.chooseSource,
  commandIds.clearResults,
  commandIds.showLog,
];

/**
 * The hover's Markdown.
 *
 * @param stale why the result no longer stands
 * @param k the row that the marks show
 * @param blocks number of blocks of the model
 */
export function interventionHover(
  intervention: Intervention,
  stale: string | null,
  k: number | null,
  blocks: number,
): string {
  const { sweep } = intervention;
  const lines = [interventionSentence(intervention), ""];
  if (stale !== null) lines.push(`**Out of date.** ${stale} ${runAgain(intervention)}`, "");
  if (sweep) lines.push(...sweepLines(sweep, k, blocks));
  if (sweep?.failure) lines.push("", `**${escaped(sweep.failure.message)}** ${escaped(sweep.failure.hint)}`);
  lines.push("", links(intervention), "", factsLine(sweep, k));
  return lines.join("\n");
}

/** The hover on a copied state. */
export function sourceHover({ read, span }: Source): string {
  const place = span.from === span.to ? `@${span.from}` : `@${span.from}–${span.to}`;
  return `${OUTCOME_MARK.source} State of ${tokenCode(span.text)} ${place} of ${read.tokenization.tokens.length} tokens is copied. Select the tokens that it should replace, and run *Swap State Here*.`;
}

/** The hover on a shown token. */
export function tokenHover(token: Token): string {
  return `Token ${tokenCode(token.text)} @${token.index} · id ${token.id}`;
}

/** A swap names both tokens with their marks; other conditions are told as the panel tells them. */
function interventionSentence(intervention: Intervention): string {
  const { source, pairs, target, setup } = intervention;
  const { kind, sourceLayer, strength } = setup.choice;
  if (kind !== "swap" || !source) {
    const sentence = sentenceOf(intervention);
    return sentence === "" ? "Something is still to be chosen." : escaped(capitalized(sentence));
  }
  const tokens = target.tokenization.tokens;
  const places = pairs.map((pair) => `${tokenCode(tokens[pair.target]?.text ?? "")} @${pair.target}`);
  const { from, to } = source.span;
  const at = from === to ? `@${from}` : `@${from}–${to}`;
  const layer = sourceLayer === null ? "" : ` before block ${sourceLayer}`;
  const share = strength === 1 ? "" : `, at strength ${escaped(String(strength))}`;
  return `State of ${OUTCOME_MARK.source} ${tokenCode(source.span.text)} ${at}${layer} (${escaped(source.read.label)}) → ${OUTCOME_MARK.target} ${places.join(", ")}, before block k${share}`;
}

function sweepLines(sweep: SweepRun, k: number | null, blocks: number): string[] {
  const { rows, answers, inputs } = sweep;
  if (rows.length === 0) return [sweep.state === "running" ? "Running …" : "No rows."];
  const said = verdict(rows.map(outcomeRow), blocks, inputs.condition.kind);
  return [...(sweep.state === "complete" ? [escaped(said), ""] : []), ...sweepTable(rows, answers, k)];
}

/** `fp32 · k = 0-based block whose input is replaced; 0 = embeddings · BOS: none · ‖Δh‖ 12.3 at k = 8`. */
function factsLine(sweep: SweepRun | null, k: number | null): string {
  const convention = "k = 0-based block whose input is replaced; 0 = embeddings";
  if (!sweep) return escaped(`${convention}.`);
  const facts = factsOf(sweep);
  const delta = deltaText(sweep.rows, k);
  const all = [facts.numeric, convention, facts.bos, delta === "" ? "" : `${delta} at k = ${k ?? 0}`];
  return escaped(`${all.filter((text) => text !== "").join(" · ")}.`);
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function runAgain({ id }: Intervention): string {
  return commandLink("Run Again", commandIds.runAgain, [id], "Run this on the prompt as it is now");
}

function links(intervention: Intervention): string {
  const { id, sweep, source, setup } = intervention;
  const hasRows = (sweep?.rows.length ?? 0) > 0;
  const isSwap = setup.choice.kind === "swap";
  return [
    runAgain(intervention),
    ...(source
      ? [commandLink("Run Grid", commandIds.runGrid, [id], "Put the source’s state at every token")]
      : []),
    commandLink("Run Controls", commandIds.runControls, [id], "What other states at the same tokens do"),
    ...(hasRows
      ? [commandLink("Continue Text…", commandIds.continueHere, [id], "What the model goes on to say")]
      : []),
    commandLink("Step k Down", commandIds.stepLayerDown, [id], "Show the next lower k"),
    commandLink("Step k Up", commandIds.stepLayerUp, [id], "Show the next higher k"),
    ...(isSwap ? [commandLink("Choose Source…", commandIds.chooseSource, [id], "Put in another state")] : []),
    commandLink("Open Panel", commandIds.openPanel, [id], "Show this in the side panel"),
    commandLink("Clear", commandIds.clearResults, [id], "Remove this result"),
  ].join(" · ");
}
