/** Show Tokens and Use Selection as Prompt. */
import * as l10n from "@vscode/l10n";
import type { Host } from "../host.ts";
import { SwapError } from "../../shared/errors.ts";
import { addressed, toRead } from "../prompt/editor-prompts.ts";
import { declaredPrompt } from "../prompt/locate-prompt.ts";
import { readPrompt } from "../prompt/read-prompt.ts";
import type { Disposable } from "../signal.ts";
import { staleRead } from "../interventions/stale.ts";
import { debounced } from "../throttle.ts";
import { promptsToRead } from "../ask/ask-values.ts";
import { requiredEditor } from "../ask/required-editor.ts";

/** Tokens are read again so long after the last edit; milliseconds. */
const REREAD_MS = 400;

/**
 * Draws the tokens of the prompts at the cursors; where they are drawn already, removes them.
 *
 * @throws SwapError
 */
export async function showTokens(host: Host): Promise<void> {
  const { store } = host;
  for (const picked of (await promptsToRead(host, requiredEditor(host))) ?? []) {
    const { promptId } = picked.toRead;
    const others = store.state.tokens.filter((read) => read.promptId !== promptId);
    if (others.length < store.state.tokens.length) {
      store.set({ tokens: others });
      continue;
    }
    const read = await readPrompt(picked.toRead, host.supervisor, host.reading);
    // Those that another call read meanwhile are the same.
    const shown = store.state.tokens.filter((one) => one.promptId !== promptId);
    store.set({ tokens: [...shown, read], error: null });
    const { tokens, bos, approximate } = read.tokenization;
    const count = tokens.length === 1 ? l10n.t("1 token") : l10n.t("{0} tokens", tokens.length);
    const notes = [
      ...(bos.added ? [l10n.t("BOS included")] : []),
      ...(approximate ? [l10n.t("boundaries approximate")] : []),
    ];
    host.notices.hint(`${read.label}: ${count}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`);
  }
}

/** Keeps shown tokens true after edits and changes of the model. */
export function createTokenRefresh(host: Host): Disposable {
  const { store, prompts } = host;
  const reread = async (): Promise<void> => {
    for (const read of store.state.tokens) {
      const known = read.promptId === null ? null : prompts.get(read.promptId);
      if (!known?.current || staleRead(read, "target", (id) => prompts.get(id), host.reading()) === null)
        continue;
      const again = await readPrompt(toRead(known), host.supervisor, host.reading);
      const tokens = store.state.tokens.map((other) => (other === read ? again : other));
      store.set({ tokens });
    }
  };
  const later = debounced(() => {
    reread().catch((error: unknown) => {
      host.log.info(`tokens were not read again: ${String(error)}`);
    });
  }, REREAD_MS);
  const request = (): void => {
    if (store.state.tokens.length > 0) later.request();
  };
  const subscriptions = [prompts.changed.on(request), host.chosen.changed.on(request), later];
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/**
 * Declares the selection a prompt; with an empty selection inside a declared one, withdraws it.
 *
 * @throws SwapError `bad-span` for an empty selection elsewhere
 */
export function useSelectionAsPrompt(host: Host): void {
  const { store, prompts } = host;
  const editor = requiredEditor(host);
  const document = addressed(editor.document);
  const start = editor.document.offsetAt(editor.selection.start);
  const end = editor.document.offsetAt(editor.selection.end);
  if (start < end) {
    const known = prompts.keep(document, declaredPrompt(document, { start, end }));
    store.set({ declared: [...new Set([...store.state.declared, known.id])] });
    host.notices.hint(
      l10n.t(
        "The selection is a prompt now. Run the command again inside it, with nothing selected, to undo.",
      ),
    );
    return;
  }
  const inside = store.state.declared.find((id) => {
    const prompt = prompts.get(id);
    return prompt?.uri === document.uri && prompt.start <= start && start <= prompt.end;
  });
  if (inside === undefined) {
    throw new SwapError(
      "bad-span",
      l10n.t("Nothing is selected."),
      l10n.t("Select the text that is the prompt."),
    );
  }
  store.set({ declared: store.state.declared.filter((id) => id !== inside) });
}
