/** Swap State Here over many prompts: selected lines, or the rows of a CSV table. */
import * as l10n from "@vscode/l10n";
import { SwapError, toErrorData } from "../../shared/errors.ts";
import type { Alignment } from "../../shared/condition/parts.ts";
import type { PlacedSpan } from "../../shared/condition/span-alignment.ts";
import { MOST_PROMPTS } from "../../shared/prompt/prompt-table.ts";
import { parseSpan } from "../../shared/prompt/span-syntax.ts";
import { resolveSpan } from "../../shared/prompt/spans.ts";
import { chooseAlignment } from "../ask/choose-alignment.ts";
import type { ManyTarget } from "../ask/choose-many-targets.ts";
import { chooseManyTargets } from "../ask/choose-many-targets.ts";
import { askValuesOfAll } from "../ask/ask-values.ts";
import { chooseSource } from "../ask/choose-source.ts";
import { currentSource } from "../ask/current-source.ts";
import { ofKind } from "../ask/needed-input.ts";
import { confirmMany } from "../ask/confirm-many.ts";
import type { Host } from "../host.ts";
import { needsAlignment, newIntervention } from "../interventions/make-intervention.ts";
import type { ManyEntry, Source } from "../interventions/records.ts";
import { addressed, labelOf, promptAt } from "../prompt/editor-prompts.ts";
import type { LocatedPrompt } from "../prompt/located-text.ts";
import { declaredPrompt } from "../prompt/locate-prompt.ts";
import type { ManySelected } from "../prompt/many-prompts.ts";
import type { AddressedDocument, KnownPrompt } from "../prompt/prompt-register.ts";
import { lineNumberAt } from "../prompt/lines.ts";
import { textEnd, textStart, verbatim } from "../prompt/prompt-text.ts";
import { readPrompt, spansOf } from "../prompt/read-prompt.ts";
import type { ReadPrompt } from "../prompt/reading.ts";

type Row = ManySelected["rows"][number];

/** A prompt with its token, or why it has none. */
interface ReadRow {
  readonly row: Row;
  readonly label: string;
  readonly promptId: number | null;
  readonly ready: {
    readonly read: ReadPrompt;
    readonly span: PlacedSpan;
    readonly own: Source | null;
  } | null;
  readonly failure: ManyEntry["failure"];
}

/**
 * Runs the swap on each prompt; the panel shows a row for each.
 *
 * @param inOne whether the selection may mean tokens of one prompt instead
 * @returns false where that is what the user chose
 * @throws SwapError where no prompt can be run at all
 */
export async function swapMany(host: Host, { rows }: ManySelected, inOne: boolean): Promise<boolean> {
  if (rows.length > MOST_PROMPTS) {
    throw new SwapError(
      "usage",
      l10n.t("{0} prompts are selected; a table takes {1}.", rows.length, MOST_PROMPTS),
      l10n.t("Select fewer lines, or run the command line on each."),
    );
  }
  const document = addressed(host.vs.window.activeTextEditor!.document);
  const targetOf = await targetsOf(host, rows, inOne);
  if (targetOf === "one-prompt") return false;
  if (!targetOf) return true;
  // What is wrong with the model is wrong for all.
  await host.supervisor.open();
  const prompts = rows.flatMap((row) => knownRow(host, document, row)?.known ?? []);
  if (!(await askValuesOfAll(host, prompts))) return true;
  const read: ReadRow[] = [];
  for (const [i, row] of rows.entries()) read.push(await readRow(host, document, row, targetOf(i)));
  const first = read.find(({ ready }) => ready)?.ready;
  if (!first) throw firstFailure(read);
  let source: Source | null = null;
  if (read.some(({ ready }) => ready && !ready.own)) {
    const copied = await currentSource(host);
    source = copied ?? (await chooseSource(host, first));
    if (!source) return true;
    if (!copied) host.store.remember(source);
  }
  const align = await alignmentOf(host, read, source);
  if (align === undefined) return true;
  await start(host, read, source, align);
  return true;
}

/** Where each prompt's token is: as its row says, or as the user says once for all others. */
async function targetsOf(
  host: Host,
  rows: readonly Row[],
  inOne: boolean,
): Promise<((index: number) => ManyTarget) | "one-prompt" | null> {
  const told = rows.map((row) => ("target" in row ? row.target : null));
  if (told.every((target) => target !== null)) return (index) => parseSpan(told[index]!);
  const chosen = await chooseManyTargets(
    host,
    rows.map(({ prompt }) => prompt.text),
    inOne,
  );
  if (chosen === null || chosen === "one-prompt") return chosen;
  return (index) => {
    const target = told[index];
    return target === null || target === undefined ? chosen(index) : parseSpan(target);
  };
}

async function readRow(
  host: Host,
  document: AddressedDocument,
  row: Row,
  target: ManyTarget,
): Promise<ReadRow> {
  const placed = knownRow(host, document, row);
  const label = labelOf({ fileName: document.fileName, line: lineNumberAt(document.text, row.prompt.start) });
  const promptId = placed?.known.id ?? null;
  // As the model reads it: with values in place of placeholders.
  const current = placed?.known.current ?? verbatim(row.prompt.text);
  const { text } = current;
  const within = (offset: number): number => Math.max(0, offset - (placed?.before ?? 0));
  try {
    const toRead = { promptId, label, text };
    const read = await readPrompt(toRead, host.supervisor, host.reading);
    const span =
      "start" in target
        ? spansOf(read, [
            { start: textStart(current, within(target.start)), end: textEnd(current, within(target.end)) },
          ])[0]!
        : resolveSpan(read.tokenization, target);
    return {
      row,
      label,
      promptId,
      ready: { read, span, own: await ownSource(host, row, label) },
      failure: null,
    };
  } catch (error) {
    return { row, label, promptId, ready: null, failure: toErrorData(error) };
  }
}

/** The prompt of a row, as the document knows it. */
interface KnownRow {
  readonly known: KnownPrompt;
  /** UTF-16 units of the row before the prompt: a list's mark. */
  readonly before: number;
}

/**
 * The prompt at a row's place by the rule of all prompts, such as a list's item without its mark; else it is declared one.
 * Null where the table writes the prompt in another form.
 */
function knownRow(
  host: Host,
  document: AddressedDocument,
  { prompt: { text, start, end } }: Row,
): KnownRow | null {
  const { prompts, store } = host;
  if (document.text.slice(start, end) !== text) return null;
  const found = promptAt(host, document, Math.floor((start + end) / 2));
  const isWithin = found !== null && found.start >= start && found.end <= end && isVerbatim(document, found);
  const known = prompts.keep(document, isWithin ? found : declaredPrompt(document, { start, end }));
  if (!isWithin) store.set({ declared: [...new Set([...store.state.declared, known.id])] });
  return { known, before: known.start - start };
}

function isVerbatim({ text }: AddressedDocument, { start, end, prompt }: LocatedPrompt): boolean {
  return text.slice(start, end) === prompt.text;
}

/** The source that a row names: a prompt, and its token (the last one without a name). */
async function ownSource(host: Host, row: Row, label: string): Promise<Source | null> {
  if (!("source" in row) || row.source === null) return null;
  const toRead = { promptId: null, label, text: row.source };
  const read = await readPrompt(toRead, host.supervisor, host.reading);
  const span = resolveSpan(read.tokenization, parseSpan(row.source_token ?? "@last"));
  return { read, span, word: null };
}

async function alignmentOf(
  host: Host,
  rows: readonly ReadRow[],
  source: Source | null,
): Promise<Alignment | null | undefined> {
  const uneven = rows.find(({ ready }) => ready && needsAlignment([ready.span], (ready.own ?? source!).span));
  const { ready } = uneven ?? {};
  return ready ? chooseAlignment(host, [ready.span], (ready.own ?? source!).span) : null;
}

async function start(
  host: Host,
  rows: readonly ReadRow[],
  source: Source | null,
  align: Alignment | null,
): Promise<void> {
  const { store } = host;
  const entries = rows.map(({ row, label, promptId, ready, failure }): ManyEntry => {
    const about = {
      id: store.newId(),
      label,
      promptId,
      text: ready?.read.text ?? row.prompt.text,
      sweep: null,
    };
    if (!ready) return { ...about, made: null, state: "failed", failure };
    const { read, span, own } = ready;
    const from = own ?? source!;
    const made = newIntervention({
      id: store.newId(),
      target: read,
      targets: [span],
      source: from,
      align: needsAlignment([span], from.span) ? align : null,
      setup: withAnswers(ofKind(store.setupFor(read), "swap"), row),
    });
    return { ...about, made, state: "waiting", failure: null };
  });
  store.set({ setup: ofKind(store.state.setup, "swap") });
  const made = entries.flatMap((entry) => entry.made ?? []);
  const chosen = await confirmMany(host, made);
  if (chosen === null) return;
  const kept = entries.filter((entry) => !entry.made || chosen.includes(entry.made.id));
  const many = { run: store.newId(), entries: kept };
  for (const intervention of made) if (chosen.includes(intervention.id)) store.put(intervention);
  store.set({ many, shownId: chosen[0] ?? null });
  await host.runner.many(many);
}

function withAnswers(setup: ManySetup, row: Row): ManySetup {
  if (!("target_answer" in row)) return setup;
  const { target_answer: target, source_answer: source } = row;
  const { answers } = setup;
  return {
    ...setup,
    answers: { ...answers, target: target ?? answers.target, source: source ?? answers.source },
  };
}

type ManySetup = ReturnType<typeof ofKind>;

function firstFailure(rows: readonly ReadRow[]): SwapError {
  const { failure, label } = rows[0]!;
  return new SwapError(failure!.code, `${label}: ${failure!.message}`, failure!.hint);
}
