/** What the next run does: one row, and behind it the condition's options, source and target as token chips, layers, answers. */
import * as l10n from "@vscode/l10n";
import { takesSource } from "../../src/shared/condition/condition.ts";
import type { VNode } from "preact";
import type { SectionProps } from "./section-props.ts";
import { AnswersForm } from "./answers-form.tsx";
import { attentionAt } from "./attention.ts";
import { Chips } from "./chips.tsx";
import { ConditionOptions } from "./condition-options.tsx";
import { MissingPrompt } from "./empty-states.tsx";
import { isSameRange, LayerFields, LayerTrack } from "./layer-range.tsx";
import { PromptLabel } from "./prompt-label.tsx";
import { SetupRow } from "./setup-row.tsx";
import { Writing } from "./writing.tsx";
import { useOptimistic } from "../parts/use-optimistic.ts";
import { useReadOnly } from "../parts/read-only.ts";
import { Words } from "../parts/words.tsx";
import { toggled } from "./ui-state.ts";

/** The row, and the set-up below it: open until the first result, unless the user said otherwise. */
export function SetupSection(props: SectionProps): VNode {
  const { state, ui, change, post } = props;
  const { sweep, grid, condition, sentence } = state;
  const isUnrun = sweep === null && grid === null;
  // Whoever has just copied a state goes on in the editor.
  const isOpenAnyway = isUnrun && !state.copied;
  const open = ui.setup ?? isOpenAnyway;
  const isOther = sweep !== null && sweep.kind !== condition.choice.kind;
  return (
    <section class="section-prompts" aria-label={l10n.t("Next run")}>
      <SetupRow
        state={state}
        post={post}
        conditionsOpen={ui.drawers.includes("conditions")}
        onConditions={() => {
          change(({ drawers }) => ({ drawers: toggled(drawers, "conditions") }));
        }}
        onCloseConditions={() => {
          change(({ drawers }) => ({ drawers: drawers.filter((drawer) => drawer !== "conditions") }));
        }}
        open={open}
        onOpen={() => {
          change(({ setup }) => ({ setup: !(setup ?? isOpenAnyway) }));
        }}
        onRun={() => {
          // The result is what is to be seen next.
          change({ setup: null });
          post({ type: "command", command: "runSweep" });
        }}
      />
      {(open || isOther) && sentence.length > 0 && (
        <p class="sentence">
          <Words parts={sentence} />
        </p>
      )}
      <div id="setup" hidden={!open}>
        {open && <Setup {...props} />}
      </div>
    </section>
  );
}

function Setup(props: SectionProps): VNode {
  const { state, ui, blocks, change, post } = props;
  const { condition } = state;
  return (
    <div class="setup">
      <ConditionOptions condition={condition} blocks={blocks} post={post} />
      {takesSource(condition.choice.kind) && <Prompt {...props} side="source" />}
      <Prompt {...props} side="target" />
      {state.target && <AttentionLine {...props} />}
      {!useReadOnly() && <Layers {...props} />}
      <AnswersForm
        answers={state.answers}
        open={ui.drawers.includes("answers")}
        onOpen={() => {
          change(({ drawers }) => ({ drawers: toggled(drawers, "answers") }));
        }}
        post={post}
      />
    </div>
  );
}

/** The range of k that the next run takes. */
function Layers({ state, blocks, post }: SectionProps): VNode {
  const { layers } = state;
  const range = {
    range: useOptimistic(layers, isSameRange),
    blocks,
    onCommit: (next: typeof layers) => {
      post({ type: "setLayers", from: next.from, to: next.to });
    },
  };
  return (
    <div class="setup-layers">
      <LayerFields {...range} layers={layers} />
      <LayerTrack {...range} />
    </div>
  );
}
/** Asks for the attention of the last token, and says what the bars under the tokens are. */
function AttentionLine({ state, ui, busy, change, post }: SectionProps): VNode | null {
  const { attention, k } = state;
  const readOnly = useReadOnly();
  if (attention?.weights) {
    return (
      <p class="dim hint">
        {ui.attention &&
          `${l10n.t(
            "Bars under the tokens: attention of the unpatched last token in layer {0}, mean over heads.",
            k ?? 0,
          )} `}
        {!readOnly && (
          <button
            type="button"
            class="link"
            onClick={() => {
              change((now) => ({ attention: !now.attention }));
            }}
          >
            {ui.attention ? l10n.t("Hide Attention") : l10n.t("Show Attention")}
          </button>
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
            change(() => ({ attention: true }));
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
      <h2>
        <span class={`${side}-text`} aria-hidden="true">
          {side === "source" ? "◆" : "★"}
        </span>
        <span>{side === "source" ? l10n.t("Source: put in") : l10n.t("Target: replaced")}</span>
        {prompt && <PromptLabel side={side} prompt={prompt} post={post} />}
      </h2>
      {prompt?.writing && <Writing side={side} writing={prompt.writing} busy={busy} post={post} />}
      {prompt ? (
        <Chips
          side={side}
          prompt={prompt}
          attention={side === "target" && ui.attention ? attentionAt(state) : null}
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
