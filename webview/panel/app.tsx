/** The panel: model, next run, verdict, map and answers in this order, with what can be done at its foot; drawn from the host's last snapshot and the webview's own state. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PanelModel, PanelPrompt, PanelState } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { AnswersSection } from "./answers-section.tsx";
import { EmptyState, FailedModel, RestrictedNotice } from "./empty-states.tsx";
import { GridSection } from "./grid-section.tsx";
import type { PanelHost } from "./host.ts";
import { CopiedNotice, ElsewhereNotice, ErrorNotice, Progress, StoredNotice } from "./notices.tsx";
import { ControlsSection } from "./controls-block.tsx";
import { Foot } from "./foot.tsx";
import { ResultSection } from "./result-section.tsx";
import { ManySection } from "./many-section.tsx";
import { PromptLabel } from "./prompt-label.tsx";
import { SetupSection } from "./setup-section.tsx";
import { usePalette } from "../parts/theme.ts";
import { keepUnchanged } from "../parts/keep-unchanged.ts";
import { useUiState } from "../parts/use-ui-state.ts";
import type { SectionId } from "./ui-state.ts";
import { readUiState, toggled } from "./ui-state.ts";
import type { SectionProps } from "./section-props.ts";
import { blocksOf } from "./section-props.ts";

/** The whole panel. It asks the host for a snapshot when it appears, and keeps its own state with the host. */
export function App({ host }: { readonly host: PanelHost }): VNode {
  const [state, setState] = useState<PanelState | null>(null);
  const [ui, change, keep] = useUiState(host, readUiState);
  const post = useCallback(
    (intent: PanelIntent) => {
      host.post(intent);
    },
    [host],
  );

  useEffect(() => {
    host.onState((next) => {
      setState((before) => keepUnchanged(before, next));
    });
    host.post({ type: "ready" });
  }, [host]);
  useScroll(state !== null, ui.scrollTop, keep);

  if (!state) return <main class="panel" aria-busy="true" />;
  const isEmpty = !state.source && !state.target && !state.sweep && !state.grid;
  const busy = state.progress !== null;
  return (
    <main class="panel" data-busy={busy}>
      <h1 class="sr-only">State Swap</h1>
      <ModelLine model={state.model} target={state.target} post={post} />
      {isEmpty && <Progress progress={state.progress} post={post} />}
      {state.error && <ErrorNotice error={state.error} post={post} />}
      {state.model.status === "failed" && !state.error && <FailedModel model={state.model} post={post} />}
      {state.restricted === true && <RestrictedNotice post={post} />}
      {state.stored && <StoredNotice busy={busy} post={post} />}
      {isEmpty ? (
        <EmptyState keys={state.keys} busy={busy} post={post} />
      ) : (
        <Columns state={state} ui={ui} change={change} keep={keep} post={post} />
      )}
      <Foot state={state} post={post} />
    </main>
  );
}

/** The sections, in one column or two. */
export function Columns(props: Pick<SectionProps, "state" | "ui" | "change" | "keep" | "post">): VNode {
  const { state, ui, change } = props;
  const section = (id: SectionId): SectionProps => ({
    ...props,
    open: !ui.closed.includes(id),
    busy: state.progress !== null,
    blocks: blocksOf(state),
    onToggle: (folded) => {
      change(({ closed }) => ({ closed: toggled(closed, folded) }));
    },
  });
  return (
    <>
      {state.many && <ManySection many={state.many} post={props.post} />}
      <SetupSection {...section("prompts")} />
      <CopiedNotice state={state} />
      <ElsewhereNotice state={state} post={props.post} />
      <div class={`columns${state.copied || state.elsewhere ? " aside" : ""}`}>
        <div class="column">
          <ResultSection {...section("layers")} />
        </div>
        <div class="column">
          <GridSectionWithTheme {...section("grid")} />
          <AnswersSection {...section("answers")} />
        </div>
        <div class="column">
          <ControlsSection {...section("controls")} />
        </div>
      </div>
    </>
  );
}

function GridSectionWithTheme(props: SectionProps): VNode {
  return <GridSection {...props} palette={usePalette()} />;
}

/** Puts the kept scroll back once the first snapshot is drawn, then keeps it. */
export function useScroll(drawn: boolean, kept: number, keep: SectionProps["keep"]): void {
  const start = useRef(kept);
  useLayoutEffect(() => {
    if (!drawn) return;
    // Layout of custom elements and measured plots settles after the first frame.
    requestAnimationFrame(() => {
      window.scrollTo(0, start.current);
    });
    const onScroll = (): void => {
      keep({ scrollTop: Math.round(window.scrollY) });
    };
    window.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      window.removeEventListener("scroll", onScroll);
    };
  }, [drawn, keep]);
}

/** The model and the prompt that all below is of, on one line. */
function ModelLine({
  model,
  target,
  post,
}: {
  readonly model: PanelModel;
  readonly target: PanelPrompt | null;
  readonly post: SectionProps["post"];
}): VNode {
  const facts = [
    model.name,
    model.numeric,
    model.blocks > 0 ? l10n.t("{0} layers", model.blocks) : "",
  ].filter((fact) => fact !== "");
  const closed = model.name === "" ? "" : l10n.t("not open yet");
  const status = { closed, opening: l10n.t("opening …"), ready: "", failed: l10n.t("could not be opened") }[
    model.status
  ];
  return (
    <header class="model-line">
      <span class="model-words" title={facts.join(" · ")}>
        <b>{model.name === "" ? l10n.t("No model open") : model.name}</b>
        {status !== "" && <span class={model.status === "failed" ? "error-text" : "dim"}> · {status}</span>}
      </span>
      {[model.tag, model.runtime, model.tokenizer].map(
        (tag) =>
          tag && (
            <span class="tag" key={tag.label} title={tag.description}>
              {tag.label}
            </span>
          ),
      )}
      <button
        type="button"
        class="link change-model"
        onClick={() => {
          post({ type: "command", command: "selectModel" });
        }}
      >
        {model.name === "" ? l10n.t("Select Model") : l10n.t("Change")}
        <span class="sr-only"> {l10n.t("model")}</span>
      </button>
      {target && <PromptLabel side="target" prompt={target} post={post} />}
    </header>
  );
}
