/** Copy State: the selected tokens become the source. */
import * as l10n from "@vscode/l10n";
import type { Host } from "../host.ts";
import { readPrompt, spansOf } from "../prompt/read-prompt.ts";
import { promptsToRead } from "../ask/ask-values.ts";
import { sourceLabel } from "../interventions/source-label.ts";
import { requiredEditor } from "../ask/required-editor.ts";

/**
 * Copies the state of the first selection, or of the token at the cursor.
 *
 * @throws SwapError
 */
export async function copyState(host: Host): Promise<void> {
  const [picked] = (await promptsToRead(host, requiredEditor(host))) ?? [];
  const selection = picked?.selections[0];
  if (!picked || !selection) return;
  const read = await readPrompt(picked.toRead, host.supervisor, host.reading);
  const [span] = spansOf(read, [selection]);
  if (!span) return;
  const source = { read, span, word: null };
  host.store.copy(source);
  host.notices.hint(
    span.widened ? span.widened.sentence : l10n.t("◆ State copied: {0}", sourceLabel(source)),
  );
}
