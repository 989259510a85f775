/** What interrupts: work in progress, errors, results that no longer stand, the stored demo. */
import * as l10n from "@vscode/l10n";
import type { ComponentChildren, VNode } from "preact";
import type { ErrorAction } from "../../src/shared/error-actions.ts";
import { ERROR_ACTION_LABELS, errorActions } from "../../src/shared/error-actions.ts";
import type { Standing } from "../../src/shared/experiment/standing.ts";
import { standingText } from "../../src/shared/words/standing.ts";
import type { ErrorData } from "../../src/shared/errors.ts";
import type { PanelProgress, PanelState } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { filled } from "../parts/filled.tsx";
import { KeyHint } from "../parts/key-hint.tsx";
import { leftText } from "../../src/shared/words/duration.ts";
import { Button } from "../parts/widgets.tsx";
import { useLasting } from "../parts/use-lasting.ts";
import { Words } from "../parts/words.tsx";

type Post = (intent: PanelIntent) => void;

/** Progress with its label, once the work has lasted; with a way out where no other stands beside it. */
export function Progress({
  progress,
  post,
}: {
  readonly progress: PanelProgress | null;
  readonly post: Post | null;
}): VNode | null {
  const lasting = useLasting(progress !== null);
  if (!progress || !lasting) return null;
  const share = progress.total > 0 ? Math.min(1, progress.done / progress.total) : null;
  return (
    <div class="progress" role="group" aria-label={l10n.t("Work in progress")}>
      <div
        class={share === null ? "progress-bar endless" : "progress-bar"}
        role="progressbar"
        aria-label={progress.label}
        aria-valuemin={share === null ? undefined : 0}
        aria-valuemax={share === null ? undefined : progress.total}
        aria-valuenow={share === null ? undefined : progress.done}
      >
        <i style={share === null ? {} : { width: `${100 * share}%` }} />
      </div>
      <span class="progress-label">{progress.label}</span>
      {share !== null && (
        <span class="dim progress-count">
          {l10n.t("{0} of {1}", progress.done, progress.total)}
          {progress.leftMs !== undefined && `, ${leftText(progress.leftMs)}`}
        </span>
      )}
      {post && progress.cancellable && (
        <Button
          onPress={() => {
            post({ type: "command", command: "cancel" });
          }}
        >
          {l10n.t("Cancel")}
        </Button>
      )}
    </div>
  );
}

/** What runs after the work in progress, each with a way out of the queue. */
export function Queue({
  waiting = [],
  post,
}: {
  readonly waiting: PanelProgress["waiting"];
  readonly post: Post;
}): VNode | null {
  if (waiting.length === 0) return null;
  return (
    <ul class="queue" aria-label={l10n.t("Waits for its turn")}>
      {waiting.map(({ id, name }) => (
        <li key={id}>
          <span class="dim">{l10n.t("Then:")}</span> <span class="queue-name">{name}</span>
          <button
            type="button"
            class="icon-button"
            aria-label={l10n.t("Take out of the queue: {0}", name)}
            title={l10n.t("Take out of the queue")}
            onClick={() => {
              post({ type: "dropWaiting", id });
            }}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M4 4l8 8M12 4l-8 8" />
            </svg>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** An error: what is wrong, what to do, and at most two buttons that do it. */
export function ErrorNotice({ error, post }: { readonly error: ErrorData; readonly post: Post }): VNode {
  const actions = errorActions(error.code);
  const helping = actions.filter((action) => action !== "showLog");
  const press = (command: ErrorAction) => (): void => {
    post({ type: "command", command });
  };
  return (
    <div class="notice error" role="alert">
      <button
        type="button"
        class="icon-button dismiss"
        aria-label={l10n.t("Dismiss")}
        title={l10n.t("Dismiss")}
        onClick={() => {
          post({ type: "dismissError" });
        }}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M4 4l8 8M12 4l-8 8" />
        </svg>
      </button>
      <p>
        <span class="notice-mark" aria-hidden="true">
          ✕
        </span>
        {error.message}
      </p>
      <p class="dim">
        {error.hint}{" "}
        {actions.includes("showLog") && (
          <button type="button" class="link" onClick={press("showLog")}>
            {ERROR_ACTION_LABELS.showLog}
          </button>
        )}
      </p>
      {helping.length > 0 && (
        <div class="buttons">
          {helping.map((command, index) => (
            <Button key={command} look={index === 0 ? "primary" : "secondary"} onPress={press(command)}>
              {ERROR_ACTION_LABELS[command]}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Says why a shown result no longer stands, or how much of it there is; nothing while fresh. */
export function StandingNotice(props: {
  readonly standing: Standing;
  /** The way to a fresh one, where it is not the panel's own button. */
  readonly children?: ComponentChildren;
}): VNode | null {
  const { standing, children } = props;
  if (standing.kind === "fresh") return null;
  return (
    <div class="notice stale" role="status">
      <p>
        <Words parts={standingText(standing)} />
      </p>
      {children}
    </div>
  );
}

/** A state was copied: what comes next, while the result below is still that of before. */
export function CopiedNotice({
  state,
}: {
  readonly state: Pick<PanelState, "copied" | "keys">;
}): VNode | null {
  const { copied, keys } = state;
  if (!copied) return null;
  return (
    <div class="notice copied" role="status">
      <p>
        {filled(
          l10n.t("{0} copied from {1}. Select a token, then Swap State Here"),
          <b class="source-text">◆ {copied.text}</b>,
          copied.label,
        )}{" "}
        <KeyHint keys={keys} command="swapStateHere" />
      </p>
    </div>
  );
}

/** The editor shows a file without a result: whose the result below is, and the way back to its prompt. */
export function ElsewhereNotice({
  state: { elsewhere, copied, target },
  post,
}: {
  readonly state: Pick<PanelState, "elsewhere" | "copied" | "target">;
  readonly post: Post;
}): VNode | null {
  if (!elsewhere || copied) return null;
  return (
    <div class="notice elsewhere" role="status">
      <p>
        {filled(
          l10n.t("No result in {0} yet. Below is that of {1}"),
          <b>{elsewhere.file}</b>,
          <button
            type="button"
            class="link"
            onClick={() => {
              post({ type: "reveal", side: "target", position: target?.positions[0] ?? 0 });
            }}
          >
            {elsewhere.label}
          </button>,
        )}
      </p>
    </div>
  );
}

/** Says that the shown result was made beforehand. */
export function StoredNotice({ busy, post }: { readonly busy: boolean; readonly post: Post }): VNode {
  return (
    <div class="notice stored" role="note">
      <p>
        <b>{l10n.t("Stored result of the demo.")}</b> {l10n.t("Nothing has run on this machine yet.")}
      </p>
      <Button
        look="primary"
        disabled={busy}
        onPress={() => {
          post({ type: "command", command: "runDemo" });
        }}
      >
        {l10n.t("Run It Live")}
      </Button>
    </div>
  );
}
