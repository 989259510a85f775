/** What the next run does: the condition with its options, source and target as token chips, the answers. */
import * as l10n from "@vscode/l10n";
import { takesSource } from "../../src/shared/condition/condition.ts";
import type { VNode } from "preact";
import type { SectionProps } from "./section-props.ts";
import { AnswersForm } from "./answers-form.tsx";
import { attentionAt } from "./attention.ts";
import { Chips } from "./chips.tsx";
import { ConditionOptions } from "./condition-options.tsx";
import { ConditionPicker } from "./condition-picker.tsx";
import { MissingPrompt } from "./empty-states.tsx";
import { useReadOnly } from "../parts/read-only.ts";
import { Section } from "./section.tsx";
import { Words } from "../parts/words.tsx";
import { toggled } from "./ui-state.ts";

/** The condition and its prompts. */
export function PromptsSection(props: SectionProps): VNode {
  const { state, ui, blocks, open, onToggle, change, post } = props;
  const { condition } = state;
  return (
    <Section id="prompts" title={l10n.t("Condition")} open={open} onToggle={onToggle}>
      <ConditionPicker
        condition={condition}
        open={ui.drawers.includes("conditions")}
        onOpen={() => {
          change(({ drawers }) => ({ drawers: toggled(drawers, "conditions") }));
        }}
        onPick={(kind) => {
          post({ type: "setCondition", choice: { kind } });
        }}
      />
      <ConditionOptions condition={condition} blocks={blocks} post={post} />
      {takesSource(condition.choice.kind) && <Prompt {...props} side="source" />}
      <Prompt {...props} side="target" />
      {state.target && <AttentionLine {...props} />}
      {state.sentence.length > 0 && (
        <p class="sentence">
          <Words parts={state.sentence} />
        </p>
      )}
      <AnswersForm
        answers={state.answers}
        open={ui.drawers.includes("answers")}
        onOpen={() => {
          change(({ drawers }) => ({ drawers: toggled(drawers, "answers") }));
        }}
        post={post}
      />
    </Section>
  );
}

/** Asks for the attention of the last token, and says what the bars under the tokens are. */
function AttentionLine({ state, busy, post }: SectionProps): VNode | null {
  const { attention, k } = state;
  const readOnly = useReadOnly();
  if (attention?.weights) {
    return (
      <p class="dim hint">
        {l10n.t(
          "Bars under the tokens: attention of the unpatched last token in block {0}, mean over heads.",
          k ?? 0,
        )}
      </p>
    );
  }
  if (!attention && readOnly) return null;
  return (
    <p class="dim hint">
      {attention ? (
        attention.note
      ) : (
        <button
          type="button"
          class="link"
          disabled={busy}
          onClick={() => {
            post({ type: "command", command: "showAttention" });
          }}
        >
          {l10n.t("Show Attention")}
        </button>
      )}
    </p>
  );
}

function Prompt({
  state,
  ui,
  busy,
  change,
  post,
  side,
}: SectionProps & { readonly side: "source" | "target" }): VNode {
  const prompt = state[side];
  const readOnly = useReadOnly();
  return (
    <div class="prompt">
      <h3>
        <span class={`${side}-text`} aria-hidden="true">
          {side === "source" ? "◆" : "★"}
        </span>
        <span>{side === "source" ? l10n.t("Source: put in") : l10n.t("Target: replaced")}</span>
        {prompt && (
          <span class="prompt-label" title={prompt.label}>
            {prompt.label}
          </span>
        )}
      </h3>
      {prompt ? (
        <Chips
          side={side}
          prompt={prompt}
          attention={side === "target" ? attentionAt(state) : null}
          unfolded={ui.unfolded.includes(side)}
          onFold={() => {
            change(({ unfolded }) => ({ unfolded: toggled(unfolded, side) }));
          }}
          post={post}
        />
      ) : (
        <MissingPrompt side={side} state={state} readOnly={readOnly} busy={busy} post={post} />
      )}
    </div>
  );
}
