/** A result kept for the next window: a session, and where its prompts stood to the letter. Pure. */
import * as v from "valibot";
import { parseSession } from "../../shared/session/parse.ts";
import { serializeSession } from "../../shared/session/serialize.ts";
import type { Session } from "../../shared/session/session.ts";
import type { Reading } from "../prompt/reading.ts";

/** Where a prompt stood. */
export interface KeptPlace {
  readonly uri: string;
  /** 0-based. */
  readonly line: number;
}

/** A kept result. */
export interface KeptResult {
  /** Milliseconds since 1970. */
  readonly keptAt: number;
  /** Null for texts that stand in no document. */
  readonly target: KeptPlace | null;
  readonly source: KeptPlace | null;
  readonly reading: Reading;
  /** The file that the result was saved to, with the text that it had; null when it was not saved. */
  readonly file: { readonly uri: string; readonly text: string } | null;
  readonly session: Session;
  /** All runs of the prompt, newest first, and where the session stands among them; missing where it is the only one. */
  readonly runs?: KeptRuns;
}

/** The runs beside a kept result, each as a session of its own. */
export interface KeptRuns {
  readonly others: readonly KeptOther[];
  /** How many of the others are newer than the shown one. */
  readonly newer: number;
  readonly isPinned: boolean;
}

/** A run that is not the shown one. */
export interface KeptOther {
  readonly isPinned: boolean;
  readonly source: KeptPlace | null;
  /** Its session as text: it is written many times, and changes once. */
  readonly session: string;
}

const place = v.nullable(v.object({ uri: v.string(), line: v.pipe(v.number(), v.integer(), v.minValue(0)) }));

const keptSchema = v.object({
  format: v.literal("state-swap/kept"),
  version: v.literal(1),
  keptAt: v.number(),
  target: place,
  source: place,
  reading: v.object({
    modelKey: v.string(),
    // Earlier versions kept none.
    tokenizer: v.optional(v.nullable(v.string()), null),
    bos: v.picklist(["auto", "on", "off"]),
    useChatTemplate: v.boolean(),
  }),
  file: v.nullable(v.object({ uri: v.string(), text: v.string() })),
  /** The text of a session file. */
  session: v.string(),
  runs: v.exactOptional(
    v.object({
      others: v.array(v.object({ isPinned: v.boolean(), source: place, session: v.string() })),
      newer: v.pipe(v.number(), v.integer(), v.minValue(0)),
      isPinned: v.boolean(),
    }),
  ),
});

/** The text of a kept result. */
export function keptText(kept: KeptResult): string {
  const session = serializeSession(kept.session);
  return JSON.stringify({ format: "state-swap/kept", version: 1, ...kept, session });
}

/**
 * Reads a kept result.
 *
 * @throws when the text is none: {Error} of JSON or of the form, SwapError of the session in it
 */
export function readKept(text: string): KeptResult {
  const { session, runs, keptAt, target, source, reading, file } = v.parse(keptSchema, JSON.parse(text));
  const kept = { keptAt, target, source, reading, file, session: parseSession(session) };
  return runs ? { ...kept, runs } : kept;
}
