/** The workspace's session files, read and kept true while they change on disk. */
import type { Uri } from "vscode";
import type { ViewerHost } from "../host.ts";
import { SESSION_ENDING, SETTING_SECTION } from "../ids.ts";
import { sessionsFolder } from "../settings.ts";
import type { Disposable } from "../signal.ts";
import { Signal } from "../signal.ts";
import { debounced } from "../throttle.ts";
import type { SessionReading } from "./read-session.ts";
import { readSession } from "./read-session.ts";

/** A session file of the workspace. */
export interface SessionEntry {
  readonly uri: Uri;
  /** Path in the workspace, with the folder's name where there are several. */
  readonly path: string;
  readonly reading: SessionReading;
}

/** Files that one list holds at most; more are no list any more. */
const MOST_FILES = 2000;
/** Changes that come closely after each other are read once; milliseconds. */
const PAUSE_MS = 150;

/** Owner of the list. Nothing is read before someone asks. */
export class SessionIndex implements Disposable {
  readonly #host: Pick<ViewerHost, "vs" | "log">;
  readonly #entries = new Map<string, SessionEntry>();
  readonly #changedUris = new Map<string, Uri>();
  readonly #subscriptions: Disposable[] = [];
  readonly #later = debounced(() => void this.#inTurn(() => this.#readChanged()), PAUSE_MS);
  #started: Promise<void> | null = null;
  /** One reading at a time: an older one that ends later would put an older text back. */
  #reading: Promise<void> = Promise.resolve();
  /** Fires after the list or a session in it changed. */
  readonly changed = new Signal<undefined>();

  constructor(host: Pick<ViewerHost, "vs" | "log">) {
    this.#host = host;
  }

  /** All sessions, by path. */
  async entries(): Promise<SessionEntry[]> {
    this.#started ??= this.#start();
    await this.#started;
    return [...this.#entries.values()].sort((a, b) => compared(a.path, b.path));
  }

  dispose(): void {
    this.#later.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #start(): Promise<void> {
    const { workspace } = this.#host.vs;
    const watcher = workspace.createFileSystemWatcher(`**/*${SESSION_ENDING}`);
    const onChange = (uri: Uri): void => {
      this.#changedUris.set(uri.toString(), uri);
      this.#later.request();
    };
    this.#subscriptions.push(
      watcher,
      watcher.onDidCreate(onChange),
      watcher.onDidChange(onChange),
      watcher.onDidDelete(onChange),
      workspace.onDidChangeWorkspaceFolders(() => {
        this.#started = this.#inTurn(() => this.#readAll()).then(() => {
          this.changed.fire(undefined);
        });
      }),
    );
    await this.#inTurn(() => this.#readAll());
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#reading.then(work);
    this.#reading = turn.catch(() => undefined);
    return turn;
  }

  async #readAll(): Promise<void> {
    const folders = this.#host.vs.workspace.workspaceFolders ?? [];
    const found = await Promise.all(folders.map(({ uri }) => this.#filesIn(uri)));
    this.#entries.clear();
    for (const uri of found.flat()) await this.#read(uri);
  }

  /** All session files of a folder on disk; of a virtual one, whose search may wait for ever, those of its session folder. */
  async #filesIn(folder: Uri): Promise<Uri[]> {
    const { workspace, RelativePattern, Uri: uris } = this.#host.vs;
    if (folder.scheme === "file") {
      const pattern = new RelativePattern(folder, `**/*${SESSION_ENDING}`);
      return workspace.findFiles(pattern, "**/node_modules/**", MOST_FILES);
    }
    const sessions = uris.joinPath(
      folder,
      ...sessionsFolder(workspace.getConfiguration(SETTING_SECTION, folder)),
    );
    try {
      const names = (await workspace.fs.readDirectory(sessions)).map(([name]) => name);
      return names
        .filter((name) => name.endsWith(SESSION_ENDING))
        .slice(0, MOST_FILES)
        .map((name) => uris.joinPath(sessions, name));
    } catch {
      // None was saved yet.
      return [];
    }
  }

  async #readChanged(): Promise<void> {
    const uris = [...this.#changedUris.values()];
    this.#changedUris.clear();
    for (const uri of uris) await this.#read(uri);
    this.changed.fire(undefined);
  }

  async #read(uri: Uri): Promise<void> {
    const { workspace } = this.#host.vs;
    try {
      const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
      const path = workspace.asRelativePath(uri);
      this.#entries.set(uri.toString(), { uri, path, reading: readSession(text) });
    } catch (error) {
      // Deleted, most of the time.
      this.#host.log.debug(`session ${uri.toString()} was not read: ${String(error)}`);
      this.#entries.delete(uri.toString());
    }
  }
}

function compared(a: string, b: string): number {
  return a.localeCompare(b, undefined, { numeric: true });
}
