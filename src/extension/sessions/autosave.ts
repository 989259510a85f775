/** Keeps results while they come, and brings them back in the next window: a reload loses no finished row. */
import type { TextDocument } from "vscode";
import type { Host } from "../host.ts";
import type { Disposable } from "../signal.ts";
import { throttled } from "../throttle.ts";
import type { Session, SessionModel } from "../../shared/session/session.ts";
import type { Intervention, RanModel } from "../interventions/records.ts";
import type { ReadPrompt } from "../prompt/reading.ts";
import { interventionOf, ranModelOf } from "./intervention-of.ts";
import type { StoredResult } from "./kept-files.ts";
import { KeptFiles } from "./kept-files.ts";
import type { KeptPlace, KeptResult } from "./kept-result.ts";
import type { RunTexts } from "./kept-runs.ts";
import { keptRuns, withKeptRuns } from "./kept-runs.ts";
import { readingOf } from "./open-in-prompt.ts";
import { keepPrompt } from "./place-prompt.ts";
import { sessionOf, shownParts } from "./session-of.ts";

/** Rows that come within this time are written together; milliseconds. */
const WRITE_MS = 400;

/** What was written of an intervention. */
interface Written {
  readonly name: string;
  readonly parts: readonly unknown[];
}

/** Starts keeping, and brings back what an earlier window kept. */
export function createAutosave(host: Host): Disposable {
  const { vs, store, context, log } = host;
  const folder = vs.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "results");
  if (folder.scheme !== "file") return { dispose: () => undefined };
  const files = new KeptFiles(folder.fsPath);
  const written = new Map<number, Written>();
  const texts: RunTexts = new WeakMap();
  /** Results whose document is not open yet, as untitled ones are for a moment. */
  const waiting = new Map<string, StoredResult[]>();

  const named = (model: RanModel): SessionModel => host.ranModels.of(model);
  const keep = (): void => {
    const { interventions } = store.state;
    for (const intervention of interventions) {
      const before = written.get(intervention.id);
      const shown = shownParts(intervention, named);
      if (!shown) {
        // All its runs were removed.
        if (before && intervention.sweep === null && intervention.grid === null) {
          written.delete(intervention.id);
          files.remove(before.name);
        }
        continue;
      }
      const isHashed = named(shown.model).sha256 !== null;
      const parts = [...partsOf(intervention), isHashed];
      if (before?.parts.every((part, i) => part === parts[i])) continue;
      const name = before?.name ?? files.newName();
      written.set(intervention.id, { name, parts });
      const kept = keptOf(host, intervention, texts);
      if (kept) files.write(name, kept);
      // The run may have ended before: then nothing else would tell.
      if (!isHashed) void host.ranModels.hashed(shown.model).then(request);
    }
    const ids = new Set(interventions.map(({ id }) => id));
    for (const [id, { name }] of written) {
      if (ids.has(id)) continue;
      written.delete(id);
      files.remove(name);
    }
  };
  const told = (): void => {
    try {
      keep();
    } catch (error) {
      // Not shown: the user did not ask for it, and the next row tries again.
      log.warn(`results were not kept: ${String(error)}`);
    }
  };
  const frames = throttled(told, WRITE_MS);
  const request = (): void => {
    frames.request();
  };

  const bringBack = (result: StoredResult, document: TextDocument | null): void => {
    const intervention = restored(host, result.kept, document);
    if (store.interventionOnSame(intervention.target)) return;
    written.set(intervention.id, { name: result.name, parts: partsOf(intervention) });
    const { shownId, interventions } = store.state;
    store.set({
      interventions: [...interventions, intervention],
      shownId: shownId ?? intervention.id,
      hasRun: true,
    });
    const { file } = result.kept;
    if (file) host.sessions.set(intervention.id, { uri: vs.Uri.parse(file.uri), text: file.text });
  };

  const restore = async (): Promise<void> => {
    const onDamaged = (name: string, error: unknown): void => {
      log.warn(`the kept result ${name} cannot be read: ${String(error)}`);
    };
    const results = await files.read(onDamaged, Date.now());
    // The latest one is shown.
    for (const result of results.reverse()) {
      const uri = result.kept.target?.uri ?? null;
      const document = uri === null ? null : await documentAt(host, uri);
      if (uri !== null && !document) waiting.set(uri, [...(waiting.get(uri) ?? []), result]);
      bringBack(result, document);
    }
  };

  /** A document that opened late takes over the results that stand beside no text yet. */
  const onOpened = (document: TextDocument): void => {
    const uri = document.uri.toString();
    for (const result of waiting.get(uri) ?? []) {
      const id = [...written].find(([, { name }]) => name === result.name)?.[0];
      if (id === undefined || !store.intervention(id)) continue;
      written.delete(id);
      store.set({ interventions: store.state.interventions.filter((one) => one.id !== id) });
      bringBack(result, document);
    }
    waiting.delete(uri);
  };

  const starting = setImmediate(() => {
    restore().catch((error: unknown) => {
      log.warn(`kept results were not brought back: ${String(error)}`);
    });
  });
  const subscriptions: Disposable[] = [
    store.changed.on(request),
    vs.workspace.onDidOpenTextDocument(onOpened),
    frames,
  ];
  return {
    dispose: () => {
      clearImmediate(starting);
      for (const subscription of subscriptions) subscription.dispose();
      // The window closes: what came since the last writing.
      told();
    },
  };
}

/** What a kept result is made of: the same objects give the same result. */
function partsOf({ sweep, runs, grid, attention }: Intervention): unknown[] {
  // As many places whatever runs there are: every other number of them is another result.
  return [sweep, grid, attention, runs.length, ...runs.map((kept) => kept.sweep)];
}

function keptOf(host: Host, intervention: Intervention, texts: RunTexts): KeptResult | null {
  const named = (model: RanModel): SessionModel => host.ranModels.of(model);
  const parts = shownParts(intervention, named);
  const session = sessionOf(intervention, named, new Date());
  if (!parts || !session) return null;
  const place = (read: ReadPrompt | undefined): KeptPlace | null => placeOf(host, read);
  const runs = keptRuns(host, intervention, texts, ({ inputs }) => placeOf(host, inputs.source?.read));
  const file = host.sessions.fileOf(intervention.id);
  return {
    keptAt: Date.now(),
    target: place(parts.target),
    source: place(parts.source?.read),
    reading: parts.target.reading,
    file: file && { uri: file.uri.toString(), text: file.text },
    session,
    ...(runs ? { runs } : {}),
  };
}

function placeOf({ prompts }: Host, read: ReadPrompt | undefined): KeptPlace | null {
  const id = read?.promptId ?? null;
  const known = id === null ? null : prompts.get(id);
  return known && { uri: known.uri, line: known.line };
}

function restored(host: Host, kept: KeptResult, document: TextDocument | null): Intervention {
  const { reading, target, source, runs } = kept;
  const idOf = (text: string | undefined, place: KeptPlace | null): number | null => {
    const known = place?.uri === document?.uri.toString() ? document : null;
    const at = known ?? openDocument(host, place?.uri);
    if (!at || !place || text === undefined) return null;
    return keepPrompt(host, at, text, { line: place.line, mayDeclare: true })?.id ?? null;
  };
  // The prompt is one, whatever it was when a run beside the shown one was made.
  const targetId = idOf(kept.session.target.text, target);
  const made = (session: Session, from: KeptPlace | null): Intervention => {
    const model = ranModelOf(session);
    host.ranModels.set(model, session.model);
    return interventionOf(session, {
      newId: () => host.store.newId(),
      targetId,
      sourceId: idOf(session.source?.text, from),
      reading: (prompt) => ({ ...readingOf(prompt, reading.modelKey, reading), bos: reading.bos }),
      model,
    });
  };
  const shown = (): Intervention => made(kept.session, source);
  if (!runs) return shown();
  return withKeptRuns(runs, shown, made, (error) => {
    host.log.warn(`a run beside a kept result cannot be read: ${String(error)}`);
  });
}

function openDocument({ vs }: Host, uri: string | undefined): TextDocument | null {
  return vs.workspace.textDocuments.find((document) => document.uri.toString() === uri) ?? null;
}

/** A document by its address, opened without being shown; null when it is gone, or is an untitled one not open yet. */
async function documentAt(host: Host, uri: string): Promise<TextDocument | null> {
  const open = openDocument(host, uri);
  if (open || uri.startsWith("untitled:")) return open;
  const { vs } = host;
  return vs.workspace.openTextDocument(vs.Uri.parse(uri)).then(
    (document) => document,
    () => null,
  );
}
