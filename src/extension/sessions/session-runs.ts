/** Stored sessions that are or were run again: the one owner of what that showed, by file. */
import * as l10n from "@vscode/l10n";
import type { Uri } from "vscode";
import { SwapError, toErrorData } from "../../shared/errors.ts";
import type { ErrorData } from "../../shared/errors.ts";
import { compareSessions } from "../../shared/session/compare.ts";
import type { Session } from "../../shared/session/session.ts";
import type { RerunView, SessionView } from "../../shared/protocol/session-page.ts";
import { readText } from "../files.ts";
import type { Host } from "../host.ts";
import { Signal } from "../signal.ts";
import { panelProgress } from "../interventions/progress.ts";
import { openModelOf } from "./model-of-session.ts";
import { readSession } from "./read-session.ts";
import { rerunView } from "./rerun-view.ts";
import { runSession } from "./run-session.ts";
import { saveRerun } from "./save-session.ts";
import type { FileRuns } from "./session-editor.ts";

interface Run {
  readonly isRunning: boolean;
  /** Whether its turn has come. */
  readonly isStarted: boolean;
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
    const run = this.#runs.get(uri.toString());
    const { work } = this.#host.store.state;
    if (!run?.isRunning || !work)
      return { rerun: run?.rerun ?? null, error: run?.error ?? null, progress: null };
    const progress = run.isStarted
      ? panelProgress(work)
      : { label: l10n.t("Waits for: {0}", work.label), done: 0, total: 0, cancellable: false };
    return { rerun: run.rerun, error: run.error, progress };
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
    const waiting: Run = { isRunning: true, isStarted: false, text, ...NOTHING_YET };
    const started: Run = { ...waiting, isStarted: true };
    const over: Run = { ...started, isRunning: false };
    this.#set(uri, waiting);
    // Work that was taken out of the queue tells nothing.
    const ended: Run[] = [];
    const isNewest = (): boolean => [waiting, started].includes(this.#runs.get(uri.toString())!);
    const name = l10n.t("{0}, again", uri.path.split("/").at(-1) ?? "");
    await runner.other(uri.toString(), name, async (context) => {
      if (isNewest()) this.#set(uri, started);
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
    if (isNewest()) this.#set(uri, ended[0] ?? over);
  }

  #set(uri: Uri, run: Run): void {
    this.#runs.set(uri.toString(), run);
    this.changed.fire(undefined);
  }
}
