/** Hovers on swapped prompts, copied states and shown tokens. */
import type { Hover, MarkdownString, Position, TextDocument } from "vscode";
import { positionsOf } from "../../shared/prompt/spans.ts";
import type { Host } from "../host.ts";
import type { KnownPrompt } from "../prompt/prompt-register.ts";
import type { DocumentTracker } from "../prompt/track-documents.ts";
import type { Disposable } from "../signal.ts";
import type { ReadPrompt } from "../prompt/reading.ts";
import { shownK } from "../interventions/shown-k.ts";
import { staleSweep } from "../interventions/stale.ts";
import { tokenPlaces } from "../prompt/token-places.ts";
import { HOVER_COMMANDS, interventionHover, sourceHover, tokenHover } from "./hover-text.ts";

/** Answers hovers in every language; documents without known prompts are left at once. */
export function createHoverModule(host: Host, tracker: DocumentTracker): Disposable {
  const { vs, store, prompts } = host;

  const markdown = (text: string): MarkdownString => {
    const content = new vs.MarkdownString(text, true);
    // For the colours of both sides: whatever a prompt holds is escaped.
    content.supportHtml = true;
    content.isTrusted = { enabledCommands: HOVER_COMMANDS };
    return content;
  };

  const textsAt = (prompt: KnownPrompt, offset: number): string[] => {
    const { state } = store;
    const isOn = (read: ReadPrompt, positions: readonly number[]): boolean => {
      const placeOf = tokenPlaces(read, prompt);
      return positions.some((position) => {
        const at = placeOf(position);
        return at !== null && at.start <= offset && offset <= at.end;
      });
    };
    const texts: string[] = [];
    const shown = state.tokens.find((read) => read.promptId === prompt.id);
    const token = shown?.tokenization.tokens.find((one) => isOn(shown, [one.index]));
    if (token) texts.push(tokenHover(token));
    const { source } = state;
    if (source?.read.promptId === prompt.id && isOn(source.read, positionsOf(source.span))) {
      const results = state.interventions.filter((one) => one.source?.read.promptId === prompt.id);
      texts.push(sourceHover(source, results));
    }
    const intervention = store.interventionOn(prompt.id);
    if (intervention) {
      const stale =
        intervention.sweep &&
        staleSweep(intervention, intervention.sweep, (id) => prompts.get(id), host.reading());
      texts.push(interventionHover(intervention, stale, shownK(intervention)));
    }
    return texts;
  };

  return vs.languages.registerHoverProvider("*", {
    provideHover: (document: TextDocument, position: Position): Hover | null => {
      const known = prompts.in(document.uri.toString());
      if (known.length === 0) return null;
      tracker.flush();
      const offset = document.offsetAt(position);
      const prompt = prompts
        .in(document.uri.toString())
        .filter(({ start, end, current }) => current !== null && start <= offset && offset <= end)
        .sort((a, b) => a.end - a.start - (b.end - b.start))[0];
      if (!prompt) return null;
      const texts = textsAt(prompt, offset);
      return texts.length === 0 ? null : new vs.Hover(texts.map(markdown));
    },
  });
}
