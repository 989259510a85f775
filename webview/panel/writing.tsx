/** What the model reads of a prompt, where the editor shows something else. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import type { PanelWriting } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { formSentence } from "../../src/shared/words/prompt-form.ts";
import { visibleText } from "../../src/shared/text/shown-text.ts";
import { useReadOnly } from "../parts/read-only.ts";

/** Characters of a text that are shown; the rest is in its tooltip, as the chips below have it. */
const MOST_SHOWN = 160;

/** The lines between a prompt's heading and its tokens. */
export function Writing(props: {
  readonly side: "source" | "target";
  readonly writing: PanelWriting;
  readonly busy: boolean;
  readonly post: (intent: PanelIntent) => void;
}): VNode {
  const { side, writing, busy, post } = props;
  const { form, text, placeholders } = writing;
  const readOnly = useReadOnly();
  const shown = text === null ? "" : visibleText(text);
  return (
    <div class="writing dim">
      {form !== null && <p>{formSentence(form)}</p>}
      {text !== null && (
        <p>
          {l10n.t("The model reads:")}{" "}
          <code title={shown}>{shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}…` : shown}</code>
        </p>
      )}
      {placeholders.length > 0 && (
        <p>
          {placeholders
            .map(({ name, value }) =>
              value === null ? l10n.t("{0} as written", name) : `${name} = ${visibleText(value)}`,
            )
            .join(" · ")}
          {!readOnly && (
            <button
              type="button"
              class="link"
              disabled={busy}
              aria-label={l10n.t("Change what stands for the placeholders")}
              onClick={() => {
                post({ type: "setValues", side });
              }}
            >
              {l10n.t("Change…")}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
