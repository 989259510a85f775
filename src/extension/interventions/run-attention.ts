/** The run that reads attention: of the unpatched target prompt's last token to each token, block by block. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
import type { Intervention } from "./records.ts";
import type { RunContext } from "./run-context.ts";

/** Reads attention into the store; a model whose file gives none is no failure but a note. */
export async function runAttention(context: RunContext, { id, target }: Intervention): Promise<void> {
  const { store, supervisor, signal } = context;
  context.progress(l10n.t("Attention"), 0, 0);
  try {
    const { ids } = target.tokenization;
    const { weights } = await supervisor.request("attention", { ids }, { signal });
    store.update(id, () => ({ attention: { target, weights, note: "" } }));
  } catch (error) {
    if (!(error instanceof SwapError) || error.code !== "unsupported-model") throw error;
    store.update(id, () => ({ attention: { target, weights: null, note: error.message } }));
  }
}
