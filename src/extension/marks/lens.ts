/** A result's text above its prompt, with the next steps: for lines that are longer than the window, or as the setting says. */
import * as l10n from "@vscode/l10n";
import type { CodeLens, TextDocument } from "vscode";
import { textOf } from "../../shared/words/parts.ts";
import { runWordOf } from "../interventions/sentence.ts";
import type { Host } from "../host.ts";
import { COMMAND_IDS } from "../ids.ts";
import type { DocumentTracker } from "../prompt/track-documents.ts";
import type { InlinePlace } from "../settings.ts";
import type { Disposable } from "../signal.ts";
import { throttled } from "../throttle.ts";
import type { Lens } from "./document-marks.ts";
import { documentMarks } from "./document-marks.ts";

/** Columns of a line behind which the text would be out of sight in most windows; their width is not told to extensions. */
const WIDE = 100;

const FRAME_MS = 200;

/** Whether a text stands above a prompt whose last line has so many columns. */
export function standsAbove(place: InlinePlace, columns: number, isWrapped: boolean): boolean {
  if (place !== "auto") return place !== "line";
  return columns > WIDE && !isWrapped;
}

/** Answers for every language; documents without known prompts are left at once. */
export function createLensModule(host: Host, tracker: DocumentTracker): Disposable {
  const { vs, store, prompts } = host;
  const changed = new vs.EventEmitter<void>();
  let told = "";

  const lensesOf = (document: TextDocument): Lens[] => {
    const uri = document.uri.toString();
    const { inlinePlace, inlineStyle, inlineMaxLength } = host.settings();
    if (inlinePlace === "line" || inlineStyle === "off" || prompts.in(uri).length === 0) return [];
    const options = { inlineStyle, maxLength: inlineMaxLength, reading: host.reading() };
    const isWrapped = vs.workspace.getConfiguration("editor", document).get("wordWrap") !== "off";
    const { lenses } = documentMarks(uri, store.state, (id) => prompts.get(id), options);
    return lenses.filter(({ end }) => {
      const { text } = document.lineAt(document.positionAt(end).line);
      return standsAbove(inlinePlace, text.length, isWrapped);
    });
  };

  const runName = (id: number): string => {
    const intervention = store.intervention(id);
    return intervention ? runWordOf(intervention) : l10n.t("Run");
  };

  const lensAt = (document: TextDocument, { start, parts, id }: Lens): CodeLens[] => {
    const at = document.positionAt(start);
    const range = new vs.Range(at, at);
    const lens = (title: string, command: string): CodeLens =>
      new vs.CodeLens(range, { title, command, arguments: [id] });
    return [lens(textOf(parts), COMMAND_IDS.openPanel), lens(runName(id), COMMAND_IDS.runAgain)];
  };

  /** Asks for lenses again only when one would read otherwise: they move the lines below them. */
  const frames = throttled(() => {
    tracker.flush();
    const now = vs.window.visibleTextEditors.map(({ document }) => lensesOf(document));
    const next = JSON.stringify(now);
    if (next === told) return;
    told = next;
    changed.fire();
  }, FRAME_MS);
  const request = (): void => {
    frames.request();
  };
  const provider = vs.languages.registerCodeLensProvider("*", {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) => lensesOf(document).flatMap((lens) => lensAt(document, lens)),
  });
  const subscriptions: Disposable[] = [
    provider,
    changed,
    store.changed.on(request),
    prompts.changed.on(request),
    vs.window.onDidChangeVisibleTextEditors(request),
    vs.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("stateSwap.inline")) request();
    }),
    frames,
  ];
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
