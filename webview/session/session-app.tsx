/** A stored session: the panel's sections to look at, what is wrong with a damaged file, what a run again showed. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import type { SessionIntent, SessionView } from "../../src/shared/protocol/session-page.ts";
import { Columns, useScroll } from "../panel/app.tsx";
import { Button } from "../parts/widgets.tsx";
import { ErrorNotice, Progress } from "../panel/notices.tsx";
import { ReadOnly } from "../parts/read-only.ts";
import { RerunNotice } from "./rerun-notice.tsx";
import type { SessionHost } from "./session-host.ts";
import { useUiState } from "../parts/use-ui-state.ts";
import type { ViewState } from "./view-state.ts";
import { readViewState } from "./view-state.ts";

type Command = Extract<SessionIntent, { type: "command" }>["command"];

/** The whole page. Nothing on it changes the file, or runs anything but what its buttons say. */
export function SessionApp({ host }: { readonly host: SessionHost<SessionView> }): VNode {
  const [view, setView] = useState<SessionView | null>(null);
  const [ui, change, keep] = useUiState(host, readViewState);
  useEffect(() => {
    host.onView(setView);
    host.post({ type: "ready" });
  }, [host]);
  useScroll(view !== null, ui.scrollTop, keep);
  if (!view) return <main class="panel session" aria-busy="true" />;
  const run = (command: Command): void => {
    host.post({ type: "command", command });
  };
  const post = (intent: PanelIntent): void => {
    if (intent.type === "command") {
      if (intent.command === "cancel" || intent.command === "showLog") run(intent.command);
    } else if (intent.type === "dismissError") run("dismissResult");
    else change(({ k, cell = view.panel?.cell ?? null }) => looked(intent, { k, cell }));
  };
  return (
    <main class="panel session">
      <SessionHead file={view.file} facts={view.facts} model={view.panel?.model ?? null} />
      <Progress progress={view.progress} post={post} />
      {view.error && <ErrorNotice error={view.error} post={post} />}
      {view.damage && (
        <Damage
          damage={view.damage}
          onOpen={() => {
            run("openAsText");
          }}
        />
      )}
      {view.rerun && (
        <RerunNotice
          rerun={view.rerun}
          busy={view.progress !== null}
          onSave={() => {
            run("saveResult");
          }}
          onDismiss={() => {
            run("dismissResult");
          }}
        />
      )}
      {view.panel && (
        <ReadOnly.Provider value={true}>
          <Columns state={shown(view.panel, ui)} ui={ui} change={change} keep={keep} post={post} />
        </ReadOnly.Provider>
      )}
    </main>
  );
}

/** What an intent of the panel does where nothing but the view can change. */
function looked(intent: PanelIntent, ui: Pick<ViewState, "k" | "cell">): Pick<ViewState, "k" | "cell"> {
  const { k, cell } = ui;
  if (intent.type === "stepTo") return { k: intent.k, ...(cell ? { cell: { ...cell, k: intent.k } } : {}) };
  if (intent.type === "lockCell") return { k: intent.k, cell: { position: intent.position, k: intent.k } };
  return intent.type === "unlockCell" ? { k, cell: null } : { k };
}

/** A stored panel with what the reader looks at; a k that it has not shows its own. */
export function shown(panel: PanelState, { k, cell }: Pick<ViewState, "k" | "cell">): PanelState {
  const { sweep, grid } = panel;
  const layers = sweep?.layers ?? grid?.layers;
  const isThere = k !== null && layers !== undefined && layers.from <= k && k <= layers.to;
  return { ...panel, k: isThere ? k : panel.k, cell: cell === undefined ? panel.cell : cell };
}

/** Name of the file and what it was made with. */
export function SessionHead(props: {
  readonly file: string;
  readonly facts: readonly string[];
  readonly model: PanelState["model"] | null;
}): VNode {
  const { file, facts, model } = props;
  return (
    <header class="session-head">
      <h1>{file}</h1>
      {model && (
        <p>
          <b>{model.name}</b>
          <span class="dim">
            {" "}
            · {[model.numeric, l10n.t("{0} layers", model.blocks)].filter((fact) => fact !== "").join(" · ")}
          </span>
          {model.tag && (
            <span class="tag" title={model.tag.description}>
              {model.tag.label}
            </span>
          )}
        </p>
      )}
      {facts.length > 0 && <p class="dim hint">{facts.join(" · ")}</p>}
    </header>
  );
}

/** What is wrong with a file, where, and the way to its text. */
export function Damage(props: {
  readonly damage: NonNullable<SessionView["damage"]>;
  readonly onOpen: () => void;
}): VNode {
  const { message, hint } = props.damage;
  return (
    <div class="notice error" role="alert">
      <p>
        <span class="notice-mark" aria-hidden="true">
          ✕
        </span>
        {message}
      </p>
      {hint !== "" && <p class="dim">{hint}</p>}
      <div class="buttons">
        <Button look="primary" onPress={props.onOpen}>
          {l10n.t("Open as Text")}
        </Button>
      </div>
    </div>
  );
}
