/** Everything about sessions in the editor: their files, saving, running again, kept results. */
import type { Host } from "../host.ts";
import type { Disposable } from "../signal.ts";
import { createAutosave } from "./autosave.ts";
import type { FileActions } from "./files-module.ts";
import { createSessionFiles, fileOf } from "./files-module.ts";
import { openInPrompt } from "./open-in-prompt.ts";
import { saveSession, saveSessionAs } from "./save-session.ts";
import { openSession } from "./session-editor.ts";
import { SessionRuns } from "./session-runs.ts";

/** What commands about sessions do. */
export interface SessionActions extends FileActions {
  readonly save: (id?: unknown) => Promise<void>;
  readonly saveAs: (id?: unknown) => Promise<void>;
  readonly runAgain: (item?: unknown) => Promise<void>;
  readonly openInPrompt: (item?: unknown) => Promise<void>;
}

/** Registers the session editor and the list, and keeps results. */
export function createSessionsModule(host: Host): Disposable & { readonly actions: SessionActions } {
  const { vs } = host;
  const runs = new SessionRuns(host);
  const files = createSessionFiles(host, runs);
  const autosave = createAutosave(host);
  return {
    actions: {
      ...files.actions,
      save: (id) => saveSession(host, id),
      saveAs: (id) => saveSessionAs(host, id),
      runAgain: async (item) => {
        const uri = fileOf(vs, item);
        await openSession(host, uri);
        await runs.run(uri);
      },
      openInPrompt: (item) => openInPrompt(host, fileOf(vs, item)),
    },
    dispose: () => {
      files.dispose();
      autosave.dispose();
    },
  };
}
