/** What stands where nothing is yet, or where something is missing: each says what to do next. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { smallestK, takesSource } from "../../src/shared/condition/condition.ts";
import { ERROR_ACTION_LABELS, errorActions } from "../../src/shared/error-actions.ts";
import type { PanelModel, PanelState } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { limitText } from "../../src/shared/words/workspace.ts";
import { durationText } from "../../src/shared/words/duration.ts";
import { Button } from "../parts/widgets.tsx";
import { filled } from "../parts/filled.tsx";
import { KeyHint } from "../parts/key-hint.tsx";

type Post = (intent: PanelIntent) => void;
type PanelCommand = Extract<PanelIntent, { type: "command" }>["command"];

interface CommandButtonProps {
  readonly command: PanelCommand;
  readonly name: string;
  readonly look?: "primary" | "secondary";
  readonly busy?: boolean;
  readonly post: Post;
}

function CommandButton({ command, name, look = "secondary", busy = false, post }: CommandButtonProps): VNode {
  return (
    <Button
      look={look}
      disabled={busy}
      onPress={() => {
        post({ type: "command", command });
      }}
    >
      {name}
    </Button>
  );
}

/** The panel with nothing in it: what this is for and how to begin. */
export function EmptyState(props: {
  readonly keys: PanelState["keys"];
  readonly busy: boolean;
  readonly post: Post;
}): VNode {
  const { keys, busy, post } = props;
  return (
    <section class="empty-state" aria-label={l10n.t("How to begin")}>
      <p>
        {l10n.t(
          "Put the hidden state of one token over another and see at which layer the model’s answer flips.",
        )}
      </p>
      <ol>
        <li>
          {filled(
            l10n.t("Select {0} in one prompt: {1}"),
            <code>Italy</code>,
            <b class="source-text">{l10n.t("◆ Copy State")}</b>,
          )}{" "}
          <KeyHint keys={keys} command="copyState" />
        </li>
        <li>
          {filled(
            l10n.t("Select {0} in another: {1}"),
            <code>France</code>,
            <b class="target-text">{l10n.t("★ Swap State Here")}</b>,
          )}{" "}
          <KeyHint keys={keys} command="swapStateHere" />
        </li>
        <li>{l10n.t("Read the answer beside the line, and here for every layer.")}</li>
      </ol>
      <div class="buttons">
        <CommandButton command="runDemo" name={l10n.t("Run Demo")} look="primary" busy={busy} post={post} />
        <CommandButton command="openPrompt" name={l10n.t("Open a Prompt…")} busy={busy} post={post} />
        <CommandButton command="openSamples" name={l10n.t("Open Samples…")} busy={busy} post={post} />
      </div>
      <p class="empty-more">
        <button
          type="button"
          class="link"
          onClick={() => {
            post({ type: "command", command: "openWalkthrough" });
          }}
        >
          {l10n.t("Show the walkthrough")}
        </button>
      </p>
    </section>
  );
}

/** Where a source or a target is missing: how to choose one. */
export function MissingPrompt(props: {
  readonly side: "source" | "target";
  readonly state: PanelState;
  readonly readOnly: boolean;
  readonly busy: boolean;
  readonly post: Post;
}): VNode {
  const { side, state, readOnly, busy, post } = props;
  const isSwap = takesSource(state.condition.choice.kind);
  const command = side === "source" ? "copyState" : isSwap ? "swapStateHere" : "runCondition";
  return (
    <div class="missing">
      <p class="dim">
        {missingText(side, isSwap)} {!readOnly && <KeyHint keys={state.keys} command={command} />}
      </p>
      {side === "source" && state.target && !readOnly && (
        <CommandButton command="chooseSource" name={l10n.t("Choose Source…")} busy={busy} post={post} />
      )}
    </div>
  );
}

function missingText(side: "source" | "target", isSwap: boolean): string {
  if (side === "source") return l10n.t("No state copied yet: select a word in a prompt and run Copy State.");
  return isSwap
    ? l10n.t("Nothing to replace yet: select a word in a prompt and run Swap State Here.")
    : l10n.t("No prompt yet: put the cursor in one and run Run Condition….");
}

/** Under the layer range while there is no sweep: what a run would give, or what it still needs. */
export function NoSweep({ state }: { readonly state: PanelState }): VNode {
  return (
    <p class="dim hint">
      {noSweepText(state)} {state.target && <KeyHint keys={state.keys} command="runAgain" />}
    </p>
  );
}

function noSweepText({ target, source, condition, layers, expected }: PanelState): string {
  const { kind } = condition.choice;
  if (!target) return l10n.t("No result yet. A run needs a target first.");
  if (takesSource(kind) && !source) return l10n.t("No result yet. A swap needs a source: Run asks for one.");
  const runs = layers.to - Math.max(layers.from, smallestK(kind)) + 1;
  return l10n.t(
    "No result yet. Run replaces the states before each layer of the range: {0}.",
    runsText(runs, expected?.sweepMs),
  );
}

/** Where there is no grid: what it shows, and what it still needs. */
export function NoGrid(props: { readonly state: PanelState; readonly post: Post }): VNode {
  const { state, post } = props;
  const { target, source, layers, expected } = state;
  const runs = (target?.tokens.length ?? 0) * (layers.to - layers.from + 1);
  const needed = !target
    ? l10n.t("It needs a target first.")
    : !source
      ? l10n.t("It needs a source first.")
      : "";
  return (
    <div class="missing">
      <p class="dim">
        {runs > 0
          ? l10n.t(
              "The same state at every token and every layer shows where the answer is decided: {0}.",
              runsText(runs, expected?.gridMs),
            )
          : l10n.t("The same state at every token and every layer shows where the answer is decided.")}{" "}
        {needed}
      </p>
      <CommandButton
        command="runGrid"
        name={l10n.t("Run Grid")}
        busy={target === null || source === null}
        post={post}
      />
    </div>
  );
}

/** `8310 patched runs, about 4 min`; without a time where that is not known. */
function runsText(runs: number, ms: number | null | undefined): string {
  const counted = runs === 1 ? l10n.t("1 patched run") : l10n.t("{0} patched runs", runs);
  return ms === null || ms === undefined ? counted : `${counted}, ${durationText(ms)}`;
}

/** A model that did not open, once its error is dismissed: the panel must not look as if all were well. */
export function FailedModel({ model, post }: { readonly model: PanelModel; readonly post: Post }): VNode {
  return (
    <div class="notice error" role="status">
      <p>
        <b>
          {model.name === ""
            ? l10n.t("The model could not be opened.")
            : l10n.t("{0} could not be opened.", model.name)}
        </b>{" "}
        {model.failure
          ? `${model.failure.message} ${model.failure.hint}`
          : l10n.t("Choose another model, or read in the log what is wrong with it.")}
      </p>
      <div class="buttons">
        {errorActions(model.failure?.code ?? "not-a-model").map((command, index) => (
          <CommandButton
            key={command}
            command={command}
            name={ERROR_ACTION_LABELS[command]}
            look={index === 0 ? "primary" : "secondary"}
            post={post}
          />
        ))}
      </div>
    </div>
  );
}

/** A workspace that is not trusted: what does not run there, and how to change that. */
export function RestrictedNotice({ post }: { readonly post: Post }): VNode {
  return (
    <div class="notice restricted" role="note">
      <p>
        <b>{l10n.t("Restricted Mode.")}</b> {limitText("untrusted")}
      </p>
      <CommandButton command="manageTrust" name={l10n.t("Manage Trust…")} post={post} />
    </div>
  );
}
