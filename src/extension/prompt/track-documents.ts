/** Feeds the register with what happens to documents: edits at once, looking up after a pause in typing. */
import type { Disposable } from "../signal.ts";
import { debounced } from "../throttle.ts";
import type { VsCode } from "../vs.ts";
import { addressed, labelOf } from "./editor-prompts.ts";
import type { PlaceholderValues } from "./placeholder-values.ts";
import type { PromptRegister } from "./prompt-register.ts";

/** Typing pauses shorter than this cost nothing but moving offsets; milliseconds. */
const PAUSE_MS = 150;

/** Brings the register up to date before something is drawn or run. */
export interface DocumentTracker extends Disposable {
  flush(): void;
}

/** What is followed, and who is told. */
export interface DocumentTracking {
  readonly vs: VsCode;
  readonly prompts: PromptRegister;
  readonly values: Pick<PlaceholderValues, "move">;
  /** Called when prompts have moved to other files. @param labelOf null for prompts that are not known */
  readonly moved: (labelOf: (promptId: number) => string | null) => void;
}

/** Follows all documents in which prompts are known. */
export function trackDocuments({ vs, prompts, values, moved }: DocumentTracking): DocumentTracker {
  const edited = new Set<string>();
  const flush = (): void => {
    for (const uri of [...edited]) {
      edited.delete(uri);
      const document = vs.workspace.textDocuments.find((one) => one.uri.toString() === uri);
      if (document) prompts.update(addressed(document));
    }
  };
  const afterPause = debounced(flush, PAUSE_MS);
  const subscriptions = [
    vs.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const uri = document.uri.toString();
      if (contentChanges.length === 0 || prompts.in(uri).length === 0) return;
      prompts.applyEdits(
        uri,
        contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
          offset: rangeOffset,
          removed: rangeLength,
          inserted: text.length,
        })),
      );
      edited.add(uri);
      afterPause.request();
    }),
    vs.workspace.onDidOpenTextDocument((document) => {
      // It may have changed on disk, or lost unsaved edits, while it was closed.
      if (prompts.in(document.uri.toString()).length > 0) prompts.update(addressed(document), true);
    }),
    vs.workspace.onDidRenameFiles(({ files }) => {
      // First, for prompts are read with the values of where they are.
      for (const { oldUri, newUri } of files) void values.move(oldUri.toString(), newUri.toString());
      const uris = files.flatMap(({ oldUri, newUri }) => prompts.move(oldUri.toString(), newUri.toString()));
      // The documents at the new addresses were opened before this was told.
      for (const document of vs.workspace.textDocuments) {
        if (uris.includes(document.uri.toString())) prompts.update(addressed(document), true);
      }
      if (uris.length === 0) return;
      moved((id) => {
        const known = prompts.get(id);
        return known && labelOf(known);
      });
    }),
  ];
  return {
    flush,
    dispose: () => {
      afterPause.dispose();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
