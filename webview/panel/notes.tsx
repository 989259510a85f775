/** What could be overlooked in a result, with the way out where one click is enough. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import type { Note } from "../../src/shared/experiment/notes.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { keepOneBosLabel, noteAdvice, noteParts } from "../../src/shared/words/notes.ts";
import { useReadOnly } from "../parts/read-only.ts";
import { Button } from "../parts/widgets.tsx";
import { Words } from "../parts/words.tsx";

/** One paragraph a note. */
export function Notes({
  notes,
  busy,
  post,
}: {
  readonly notes: readonly Note[];
  readonly busy: boolean;
  readonly post: (intent: PanelIntent) => void;
}): VNode | null {
  const readOnly = useReadOnly();
  if (notes.length === 0) return null;
  return (
    <div class="notice notes" role="note">
      {notes.map((note, i) => (
        <p key={i}>
          <Words parts={noteParts(note)} /> {!readOnly && noteAdvice(note)}
        </p>
      ))}
      {!readOnly && notes.some(({ code }) => code === "two-bos") && (
        <Button
          disabled={busy}
          onPress={() => {
            post({ type: "command", command: "keepOneBos" });
          }}
        >
          {keepOneBosLabel()}
        </Button>
      )}
      {!readOnly && notes.some(({ code }) => code === "unknown-text") && (
        <Button
          onPress={() => {
            post({ type: "command", command: "selectModel" });
          }}
        >
          {l10n.t("Select Model…")}
        </Button>
      )}
    </div>
  );
}
