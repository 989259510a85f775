/** The panel: header, notices and four sections, drawn from the host's last snapshot and the webview's own state. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PanelIntent, PanelModel, PanelState } from "../../src/shared/protocol/panel.ts";
import { AnswersSection } from "./answers-section.tsx";
import { EmptyState, FailedModel, RestrictedNotice } from "./empty-states.tsx";
import { GridSection } from "./grid-section.tsx";
import type { PanelHost } from "./host.ts";
import { LayersSection } from "./layers-section.tsx";
import { ErrorNotice, Progress, StoredNotice } from "./notices.tsx";
import { PromptsSection } from "./prompts-section.tsx";
import { usePalette } from "../parts/theme.ts";
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
    host.onState(setState);
    host.post({ type: "ready" });
  }, [host]);
  useScroll(state !== null, ui.scrollTop, keep);

  if (!state) return <main class="panel" aria-busy="true" />;
  const isEmpty = !state.source && !state.target && !state.sweep && !state.grid;
  const busy = state.progress !== null;
  return (
    <main class="panel" data-busy={busy}>
      <h1 class="sr-only">State Swap</h1>
      <ModelLine model={state.model} post={post} />
      <Progress progress={state.progress} post={post} />
      {state.error && <ErrorNotice error={state.error} post={post} />}
      {state.model.status === "failed" && !state.error && <FailedModel model={state.model} post={post} />}
      {state.restricted === true && <RestrictedNotice post={post} />}
      {state.stored && <StoredNotice busy={busy} post={post} />}
      {isEmpty ? (
        <EmptyState keys={state.keys} busy={busy} post={post} />
      ) : (
        <Columns state={state} ui={ui} change={change} keep={keep} post={post} />
      )}
    </main>
  );
}

/** The four sections, in one column or two. */
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
    <div class="columns">
      <div class="column">
        <PromptsSection {...section("prompts")} />
        <LayersSection {...section("layers")} />
      </div>
      <div class="column">
        <GridSectionWithTheme {...section("grid")} />
      </div>
      <div class="column">
        <AnswersSection {...section("answers")} />
      </div>
    </div>
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

function ModelLine({
  model,
  post,
}: {
  readonly model: PanelModel;
  readonly post: SectionProps["post"];
}): VNode {
  const facts = [model.numeric, model.blocks > 0 ? l10n.t("{0} blocks", model.blocks) : ""].filter(
    (fact) => fact !== "",
  );
  const closed = model.name === "" ? "" : l10n.t("not open yet");
  const status = { closed, opening: l10n.t("opening …"), ready: "", failed: l10n.t("could not be opened") }[
    model.status
  ];
  return (
    <header class="model-line">
      <div class="model-words">
        <b>{model.name === "" ? l10n.t("No model open") : model.name}</b>
        {facts.length > 0 && <span class="dim"> · {facts.join(" · ")}</span>}
        {status !== "" && <span class={model.status === "failed" ? "error-text" : "dim"}> · {status}</span>}
        {[model.tag, model.runtime].map(
          (tag) =>
            tag && (
              <span class="tag" key={tag.label} title={tag.description}>
                {tag.label}
              </span>
            ),
        )}
      </div>
      <button
        type="button"
        class="link"
        onClick={() => {
          post({ type: "command", command: "selectModel" });
        }}
      >
        {model.name === "" ? l10n.t("Select Model") : l10n.t("Change")}
        <span class="sr-only"> {l10n.t("model")}</span>
      </button>
      {model.tag && <p class="dim tag-description">{model.tag.description}</p>}
    </header>
  );
}
