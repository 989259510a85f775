/** What is drawn in a document, as data: token boxes, bars, texts behind lines. */
import * as l10n from "@vscode/l10n";
import { descriptorOf } from "../../shared/condition/condition.ts";
import { positionsOf } from "../../shared/prompt/spans.ts";
import type { KnownPrompt } from "../prompt/prompt-register.ts";
import type { Intervention } from "../interventions/records.ts";
import type { ReadPrompt, Reading } from "../prompt/reading.ts";
import { isAtChosenTokens, replacedNow } from "../interventions/condition-now.ts";
import type { PromptLookup } from "../interventions/stale.ts";
import { staleSweep } from "../interventions/stale.ts";
import type { StoreState } from "../interventions/intervention-store.ts";
import type { Part } from "../../shared/words/parts.ts";
import { part } from "../../shared/words/parts.ts";
import type { InlineStyle } from "../settings.ts";
import { copiedText, shownText, sweepText } from "./after-text.ts";
import type { Stretch } from "../prompt/token-places.ts";
import { tokenPlaces } from "../prompt/token-places.ts";

/** Text behind the line that holds an offset. */
export interface LineText {
  readonly offset: number;
  readonly parts: readonly Part[];
  /** Drawn dimmed: the result no longer stands. */
  readonly stale: boolean;
  /** Told above the prompt too, other than a copied state. */
  readonly isResult: boolean;
}

/** A result's text above its prompt. */
export interface Lens {
  /** Of the prompt's start, and of its end, behind which the line's text stands. */
  readonly start: number;
  readonly end: number;
  readonly parts: readonly Part[];
  readonly id: number;
}

/** Everything that is drawn in one document. */
export interface DocumentMarks {
  /** Prompts that something is kept for: a bar at the start of their lines. */
  readonly bars: readonly Stretch[];
  readonly source: readonly Stretch[];
  readonly target: readonly Stretch[];
  /** The same of results that no longer stand. */
  readonly staleTarget: readonly Stretch[];
  /** Stretches of tokens that are replaced by a rule, such as all but the last. */
  readonly washed: readonly Stretch[];
  /** The last token of target prompts: the answer follows it. */
  readonly last: readonly Stretch[];
  /** Shown tokens, alternating. */
  readonly evenTokens: readonly Stretch[];
  readonly oddTokens: readonly Stretch[];
  /** The token of the cell that is held. */
  readonly held: readonly Stretch[];
  readonly lineTexts: readonly LineText[];
  /** The same for above the prompts whose line is longer than an editor is wide, or where the setting says so. */
  readonly lenses: readonly Lens[];
}

/** How marks are drawn. */
export interface MarkOptions {
  readonly inlineStyle: InlineStyle;
  readonly maxLength: number;
  readonly reading: Reading;
}

/** The marks of one document. */
export function documentMarks(
  uri: string,
  state: StoreState,
  prompts: PromptLookup,
  options: MarkOptions,
): DocumentMarks {
  const marks = {
    bars: [] as Stretch[],
    source: [] as Stretch[],
    target: [] as Stretch[],
    staleTarget: [] as Stretch[],
    washed: [] as Stretch[],
    last: [] as Stretch[],
    evenTokens: [] as Stretch[],
    oddTokens: [] as Stretch[],
    lineTexts: [] as LineText[],
    held: [] as Stretch[],
    lenses: [] as Lens[],
  };
  const here = (id: number | null): KnownPrompt | null => {
    const prompt = id === null ? null : prompts(id);
    return prompt?.uri === uri && prompt.current !== null ? prompt : null;
  };
  const bars = new Map<number, Stretch>();
  const sources = new Map<string, Stretch>();

  for (const read of state.tokens) {
    const prompt = here(read.promptId);
    if (!prompt) continue;
    bars.set(prompt.id, prompt);
    const placeOf = tokenPlaces(read, prompt);
    read.tokenization.tokens.forEach((_, i) => {
      const at = placeOf(i);
      if (at) (i % 2 === 0 ? marks.evenTokens : marks.oddTokens).push(at);
    });
  }
  for (const intervention of state.interventions) {
    const { source } = intervention;
    // A source that is only kept for later swaps is not pointed at.
    if (source && descriptorOf(intervention.setup.choice.kind).takes.source)
      addSource(source.read, positionsOf(source.span));
    const prompt = here(intervention.target.promptId);
    if (!prompt) continue;
    bars.set(prompt.id, prompt);
    addTarget(intervention, prompt);
  }
  if (state.source) {
    addSource(state.source.read, positionsOf(state.source.span));
    const prompt = here(state.source.read.promptId);
    if (prompt) bars.set(prompt.id, prompt);
    // Its box stands at the token; words between the lines of a prompt would be read as its own.
    if (prompt && options.inlineStyle !== "off") {
      marks.lineTexts.push({
        offset: prompt.end,
        parts: copiedText(state.source),
        stale: false,
        isResult: false,
      });
    }
  }
  for (const id of state.declared) {
    const prompt = here(id);
    if (prompt) bars.set(id, prompt);
  }
  return {
    ...marks,
    source: [...sources.values()],
    bars: [...bars.values()].map(({ start, end }) => ({ start, end })),
  };

  function addSource(read: ReadPrompt, positions: readonly number[]): void {
    const prompt = here(read.promptId);
    if (!prompt) return;
    const placeOf = tokenPlaces(read, prompt);
    for (const position of positions) {
      const at = withoutBlank(placeOf(position), read, position);
      if (at) sources.set(`${at.start}-${at.end}`, at);
    }
  }

  function addTarget(intervention: Intervention, prompt: KnownPrompt): void {
    const { sweep, target } = intervention;
    const stale = sweep && staleSweep(intervention, sweep, prompts, options.reading);
    const placeOf = tokenPlaces(target, prompt);
    // A rule such as all but the last would box the whole prompt: a wash lies over its tokens.
    const boxed = isAtChosenTokens(intervention) ? replacedNow(intervention) : [];
    const places = boxed.map((position) => withoutBlank(placeOf(position), target, position));
    for (const at of places) if (at) (stale === null ? marks.target : marks.staleTarget).push(at);
    if (boxed.length === 0 && stale === null)
      marks.washed.push(...joined(replacedNow(intervention).map(placeOf)));
    const last = placeOf(target.tokenization.tokens.length - 1);
    if (last) marks.last.push(last);
    const replaced = replacedNow(intervention);
    const { cell } = intervention;
    const held = cell && !replaced.includes(cell.position) ? placeOf(cell.position) : null;
    if (cell && held) marks.held.push(withoutBlank(held, target, cell.position)!);
    if (options.inlineStyle === "off") return;
    const waits = state.waiting.some(({ on }) => on.includes(intervention.id));
    if (!sweep) {
      const parts = [part(l10n.t("… waits for its turn"))];
      if (waits) marks.lineTexts.push({ offset: prompt.end, parts, stale: false, isResult: true });
      return;
    }
    const parts = sweepText(sweep, {
      shown: shownText(intervention, replaced),
      isStale: stale !== null,
      maxLength: options.maxLength,
      style: options.inlineStyle,
    });
    marks.lineTexts.push({ offset: prompt.end, parts, stale: stale !== null, isResult: true });
    marks.lenses.push({ start: prompt.start, end: prompt.end, parts, id: intervention.id });
  }
}

/** A token's place without the blank before a word, which most vocabularies count to its token. */
function withoutBlank(at: Stretch | null, read: ReadPrompt, position: number): Stretch | null {
  const text = read.tokenization.tokens[position]?.text ?? "";
  const blanks = text.length - text.trimStart().length;
  if (!at || blanks === 0 || blanks >= at.end - at.start) return at;
  return { start: at.start + blanks, end: at.end };
}

/** Places of tokens, ascending, as few stretches as cover them; without those that stand nowhere in the text. */
function joined(places: readonly (Stretch | null)[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const at of places) {
    const before = stretches.at(-1);
    if (at && before && at.start <= before.end) stretches[stretches.length - 1] = { ...before, end: at.end };
    else if (at) stretches.push(at);
  }
  return stretches;
}
