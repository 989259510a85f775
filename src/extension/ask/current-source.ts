/** The copied state as it is now: read again when its prompt, the model or a setting changed since. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
import type { Host } from "../host.ts";
import { toRead } from "../prompt/editor-prompts.ts";
import { carriedSpan, readPrompt } from "../prompt/read-prompt.ts";
import type { Source } from "../interventions/records.ts";
import type { ReadPrompt } from "../prompt/reading.ts";
import { staleRead } from "../interventions/stale.ts";

/**
 * The copied state, up to date; null when none is copied.
 *
 * @throws SwapError `bad-span` when the copied token itself was edited
 */
export async function currentSource(host: Host): Promise<Source | null> {
  const { source } = host.store.state;
  if (!source) return null;
  const fresh = await refreshedSource(host, source);
  if (fresh !== source) host.store.set({ source: fresh });
  return fresh;
}

/** A source read again if it has to be. A source whose prompt was deleted keeps its text. */
export async function refreshedSource(host: Host, source: Source): Promise<Source> {
  const read = await refreshedRead(host, source.read);
  if (read === source.read) return source;
  const span = carriedSpan(source.read, source.span, read);
  if (span) return { ...source, read, span };
  throw new SwapError(
    "bad-span",
    l10n.t(
      "The token whose state was copied ({0}, {1}) was edited.",
      source.span.text.trim(),
      source.read.label,
    ),
    l10n.t("Copy the state again."),
  );
}

/**
 * A prompt read again if its text, the model or a setting changed; the same object if nothing did.
 *
 * @throws SwapError
 */
export async function refreshedRead(host: Host, read: ReadPrompt): Promise<ReadPrompt> {
  await host.chosen.resolve();
  const known = read.promptId === null ? null : host.prompts.get(read.promptId);
  const isGone = read.promptId !== null && !known?.current;
  if (!isGone && staleRead(read, "source", (id) => host.prompts.get(id), host.reading()) === null)
    return read;
  const { label, text } = known?.current ? toRead(known) : read;
  const promptId = isGone ? null : read.promptId;
  return readPrompt({ promptId, label, text }, host.supervisor, host.reading);
}
