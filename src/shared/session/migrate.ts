/** Lifts the content of session files of older versions to the current one, version by version. */
import { SESSION_VERSION } from "./session.ts";

/** A file's content, before anything is known of it but that it is an object. */
export type Content = Readonly<Record<string, unknown>>;

/** The versions of the format. */
export interface History {
  /** The newest version: the one that is read and written. */
  readonly version: number;
  /** `steps[n]` makes content of version n + 1 from content of version n; all n from 1 to `version - 1`. */
  readonly steps: Readonly<Record<number, (content: Content) => Content>>;
}

/** Version 1 is the first. */
export const HISTORY: History = { version: SESSION_VERSION, steps: {} };

/**
 * Content in the form of the newest version; its version number is the reader's business.
 *
 * @param version of the content, from 1 to the newest
 */
export function migrated(content: Content, version: number, { steps, version: newest }: History): Content {
  let lifted = content;
  for (let from = version; from < newest; from++) {
    const step = steps[from];
    if (!step) throw new Error(`no step from version ${from} of the session format`);
    lifted = step(lifted);
  }
  return lifted;
}
