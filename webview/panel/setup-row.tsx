/** The next run in one row: its condition, what goes where, and the one button that runs it. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { Fragment } from "preact";
import { descriptorOf, takesSource } from "../../src/shared/condition/condition.ts";
import { errorActions } from "../../src/shared/error-actions.ts";
import type { PanelPrompt, PanelState } from "../../src/shared/protocol/panel.ts";
import { runWord } from "../../src/shared/words/run-word.ts";
import { visibleText } from "../../src/shared/text/shown-text.ts";
import { ConditionPicker } from "./condition-picker.tsx";
import { Progress, Queue } from "./notices.tsx";
import type { SectionProps } from "./section-props.ts";
import { Button } from "../parts/widgets.tsx";
import { useLasting } from "../parts/use-lasting.ts";
import { useReadOnly } from "../parts/read-only.ts";
import { joinedTokens } from "../../src/shared/text/token-bytes.ts";

/** Tokens beyond which they are counted, not shown. */
const MOST_SHOWN = 6;

/** The row. Its list of conditions opens under it, and the rest of the set-up below that. */
export function SetupRow(
  props: Pick<SectionProps, "state" | "post"> & {
    readonly conditionsOpen: boolean;
    readonly onConditions: () => void;
    readonly onCloseConditions: () => void;
    readonly open: boolean;
    readonly onOpen: () => void;
    readonly onRun: () => void;
  },
): VNode {
  const { state, conditionsOpen, onConditions, onCloseConditions, open, onOpen, onRun, post } = props;
  const readOnly = useReadOnly();
  return (
    <ConditionPicker
      condition={state.condition}
      open={conditionsOpen}
      onOpen={onConditions}
      onClose={onCloseConditions}
      onPick={(kind) => {
        post({ type: "setCondition", choice: { kind } });
      }}
      below={
        <>
          <Progress progress={state.progress} post={null} />
          <Queue waiting={state.progress?.waiting} post={post} />
        </>
      }
    >
      <button
        type="button"
        class="setup-toggle"
        aria-expanded={open}
        aria-controls="setup"
        title={l10n.t("Tokens, layers and answers of the next run")}
        onClick={onOpen}
      >
        <span class="sr-only">{l10n.t("Set-up:")} </span>
        <span class="setup-words">
          <Places {...state} />
        </span>
        <svg class="twisty" viewBox="0 0 16 16" aria-hidden="true">
          <path d={open ? "M3 10l5-5 5 5" : "M3 6l5 5 5-5"} />
        </svg>
      </button>
      {!readOnly && <RunButton state={state} onRun={onRun} post={post} />}
    </ConditionPicker>
  );
}

/** What is put where, in a few words. */
function Places({ copied, source, target, condition: { choice } }: PanelState): VNode {
  if (copied) {
    return (
      <Fragment>
        <b class="source-text">◆{copied.text}</b> <span class="dim">→</span>{" "}
        <span class="to-select">{l10n.t("select a word")}</span>
      </Fragment>
    );
  }
  const isRule = descriptorOf(choice.kind).takes.places === "rule" && choice.where === "all-but-last";
  const missing = <span class="dim">{l10n.t("select a word")}</span>;
  const to = target ? (
    <b class="target-text">★{isRule ? l10n.t("all but the last") : facesOf(target)}</b>
  ) : (
    missing
  );
  if (!takesSource(choice.kind)) return to;
  return (
    <Fragment>
      {source ? <b class="source-text">◆{facesOf(source)}</b> : missing} <span class="dim">→</span> {to}
    </Fragment>
  );
}

function facesOf({ tokens, positions, read = positions }: PanelPrompt): string {
  if (read.length > MOST_SHOWN) return l10n.t("{0} tokens", read.length);
  const text = joinedTokens(read.map((position) => tokens[position]?.text ?? ""));
  return visibleText(text.trim() === "" ? text : text.trim());
}

/** Runs what is chosen, and says what that is; while a run lasts it ends it. */
function RunButton(props: Pick<SectionProps, "state" | "post"> & { readonly onRun: () => void }): VNode {
  const { state, onRun, post } = props;
  const busy = state.progress !== null;
  const lasting = useLasting(busy);
  // The notice above has the main button: to run the stored demo, or against an error.
  const hasOther =
    state.stored ||
    (state.error !== null && errorActions(state.error.code).some((action) => action !== "showLog"));
  if (lasting && state.progress?.cancellable) {
    return (
      <Button
        onPress={() => {
          post({ type: "command", command: "cancel" });
        }}
      >
        {l10n.t("Cancel")}
      </Button>
    );
  }
  return (
    <Button
      look={hasOther ? "secondary" : "primary"}
      disabled={busy || state.target === null}
      onPress={onRun}
    >
      {runWord(state.sweep?.kind ?? null, state.condition.choice.kind)}
    </Button>
  );
}
