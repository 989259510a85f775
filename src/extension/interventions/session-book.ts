/** Which file each shown result stands in: the one owner of that. */
import type { Uri } from "vscode";
import { Signal } from "../signal.ts";

/** A file that a result was saved to or opened from. */
export interface SessionFile {
  readonly uri: Uri;
  /** The text that this window wrote or read last: another text on disk is another program's. */
  readonly text: string;
}

/** Owner of the files of shown results. */
export class SessionBook {
  readonly #files = new Map<number, SessionFile>();
  #saving: Promise<unknown> = Promise.resolve();
  /** Fires with the file that was written. */
  readonly written = new Signal<Uri>();

  /** @param id of an intervention */
  fileOf(id: number): SessionFile | null {
    return this.#files.get(id) ?? null;
  }

  /** Says that an intervention's result stands in a file. */
  set(id: number, file: SessionFile): void {
    this.#files.set(id, file);
  }

  /** Writes a new file once those before it are written, so that it is known which those are. */
  inTurn<T>(save: () => Promise<T>): Promise<T> {
    const turn = this.#saving.then(save);
    this.#saving = turn.catch(() => undefined);
    return turn;
  }

  /** Says that a file was written. */
  wrote(file: SessionFile): void {
    this.written.fire(file.uri);
  }
}
