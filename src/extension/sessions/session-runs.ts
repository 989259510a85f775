/** Stored sessions that are or were run again: the one owner of what that showed, by file. */
import type { Uri } from "vscode";
import { SwapError, toErrorData } from "../../shared/errors.ts";
import type { ErrorData } from "../../shared/errors.ts";
import { compareSessions } from "../../shared/session/compare.ts";
import type { Session } from "../../shared/session/session.ts";
import type { RerunView, SessionView } from "../../shared/protocol/session-page.ts";
import { readText } from "../files.ts";
import type { Host } from "../host.ts";
import { Signal } from "../signal.ts";
import { openModelOf } from "./model-of-session.ts";
import { readSession } from "./read-session.ts";
import { rerunView } from "./rerun-view.ts";
import { runSession } from "./run-session.ts";
import { saveRerun } from "./save-session.ts";
import type { FileRuns } from "./session-editor.ts";

interface Run {
  readonly isRunning: boolean;
  /** The file as the run read it. */
  readonly text: string;
  readonly result: Session | null;
  readonly rerun: RerunView | null;
  readonly error: ErrorData | null;
}

const NOTHING_YET = { result: null, rerun: null, error: null };

/** Owner of the runs. */
export class SessionRuns implements FileRuns {
  readonly #host: Host;
  readonly #runs = new Map<string, Run>();
  /** Fires when something that a page shows of a run changed. */
  readonly changed = new Signal<undefined>();

  constructor(host: Host) {
    this.#host = host;
    host.store.changed.on(() => {
      if ([...this.#runs.values()].some(({ isRunning }) => isRunning)) this.changed.fire(undefined);
    });
  }

  /** What the page of a file shows of its run. */
  viewOf(uri: Uri): Pick<SessionView, "rerun" | "progress" | "error"> {
    const { isRunning = false, rerun = null, error = null } = this.#runs.get(uri.toString()) ?? {};
    const { work } = this.#host.store.state;
    return { rerun, error, progress: isRunning && work ? { ...work, cancellable: true } : null };
  }

  /** Forgets the run of a file. */
  forget(uri: Uri): void {
    if (this.#runs.delete(uri.toString())) this.changed.fire(undefined);
  }

  /** @throws SwapError `write-failed` */
  async save(uri: Uri): Promise<void> {
    const run = this.#runs.get(uri.toString());
    if (run?.result && (await saveRerun(this.#host, uri, run.text, run.result))) this.forget(uri);
  }

  /**
   * Runs the session of a file again and compares; the file stays as it is.
   *
   * @throws SwapError `usage` when the file cannot be read
   */
  async run(uri: Uri): Promise<void> {
    const { vs, runner } = this.#host;
    const document = await vs.workspace.openTextDocument(uri);
    // A document without changes of its own follows the disk with a delay: what stands there is what is compared.
    const text = document.isDirty ? document.getText() : ((await readText(vs, uri)) ?? document.getText());
    const { session, damage } = readSession(text);
    if (!session) throw new SwapError("usage", damage.message, damage.hint);
    const model = await openModelOf(this.#host, session);
    if (!model) return;
    const started: Run = { isRunning: true, text, ...NOTHING_YET };
    const over: Run = { ...started, isRunning: false };
    this.#set(uri, started);
    // Work that a newer run ended before it began tells nothing.
    const ended: Run[] = [];
    await runner.other(async (context) => {
      try {
        const result = await runSession(context, session, model);
        const rerun = rerunView(compareSessions(session, result), session);
        ended.push({ ...over, result, rerun });
      } catch (error) {
        const data = toErrorData(error);
        ended.push({ ...over, error: data.code === "cancelled" ? null : data });
        throw error;
      }
    });
    // A newer run of the file has its own entry by now; one that was forgotten stays so.
    if (this.#runs.get(uri.toString()) === started) {
      this.#set(uri, ended[0] ?? over);
    }
  }

  #set(uri: Uri, run: Run): void {
    this.#runs.set(uri.toString(), run);
    this.changed.fire(undefined);
  }
}
