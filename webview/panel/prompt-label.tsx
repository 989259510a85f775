/** Where a prompt stands, as a link that shows it there; a stored session has no such place. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import type { PanelPrompt } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { useReadOnly } from "../parts/read-only.ts";

/** The label of one side's prompt. */
export function PromptLabel(props: {
  readonly side: "source" | "target";
  readonly prompt: PanelPrompt;
  readonly post: (intent: PanelIntent) => void;
}): VNode {
  const { side, prompt, post } = props;
  const { label, positions } = prompt;
  if (useReadOnly()) {
    return (
      <span class="prompt-label" title={label}>
        {label}
      </span>
    );
  }
  return (
    <button
      type="button"
      class="link prompt-label"
      title={label}
      onClick={() => {
        post({ type: "reveal", side, position: positions[0] ?? 0 });
      }}
    >
      {label}
      <span class="sr-only"> {l10n.t("show in the editor")}</span>
    </button>
  );
}
