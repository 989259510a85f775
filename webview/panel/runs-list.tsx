/** The runs of the prompt: a row with its strip for each, the newest on top; one is shown, another can be compared with it. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import type { PanelRun } from "../../src/shared/protocol/panel-runs.ts";
import { comparisonText } from "../../src/shared/words/run-comparison.ts";
import { textOf } from "../../src/shared/words/parts.ts";
import type { NamePieces } from "../../src/shared/words/run-name.ts";
import { namePieces } from "../../src/shared/words/run-name.ts";
import { standingText } from "../../src/shared/words/standing.ts";
import { StripPreview } from "../figures/strip.tsx";
import { filled } from "../parts/filled.tsx";
import { useOptimistic } from "../parts/use-optimistic.ts";
import { Dropdown } from "../parts/widgets.tsx";
import type { SectionProps } from "./section-props.ts";

/** Rows before the rest is folded. */
const MOST_LISTED = 5;

type Post = SectionProps["post"];

interface ListProps {
  readonly state: PanelState;
  /** The strip of the shown run, which is stepped through. */
  readonly strip: VNode;
  /** Number of the run that is compared with the shown one. */
  readonly compared: number | null;
  readonly onCompare: (run: number | null) => void;
  readonly post: Post;
}

/** Shown from the second run on. */
export function RunsList(props: ListProps): VNode {
  const { state, strip, onCompare, post } = props;
  const { runs } = state;
  const [all, showAll] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const shownNumber = runs.find(({ isShown }) => isShown)?.run ?? null;
  const { shown, newest, show } = useOptimistic(shownNumber, Object.is);
  const compared = runs.find(({ run }) => run === props.compared && run !== shown) ?? null;
  const listed = all
    ? runs
    : runs.filter((run, i) => i < MOST_LISTED || run.run === shown || run === compared);
  const choose = (run: number): void => {
    if (run === newest()) return;
    // What was looked at stays beside what was compared with it.
    if (run === props.compared) onCompare(newest());
    show(run);
    post({ type: "run", run, action: "show" });
  };
  const compare = (run: number): void => {
    if (run !== newest()) onCompare(run === props.compared ? null : run);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Delete") {
      const run = runs.find((one) => one.run === newest());
      if (run && run.state !== "running") post({ type: "run", run: run.run, action: "remove" });
      return;
    }
    const at = listed.findIndex(({ run }) => run === newest());
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: listed.length - 1 }[event.key];
    const target = next === undefined ? undefined : listed[(next + listed.length) % listed.length];
    if (!target) return;
    event.preventDefault();
    choose(target.run);
    list.current?.querySelector<HTMLElement>(`[data-run="${target.run}"]`)?.focus();
  };
  const one = runs.find(({ run }) => run === shown);
  const names = namePieces(runs.map(({ name }) => name));
  const pieces = new Map(runs.map(({ run }, i) => [run, names[i]!] as const));
  return (
    <div class="runs">
      <Head {...props} compared={compared?.run ?? null} one={one} />
      <RemovedRun state={state} post={post} />
      <div
        ref={list}
        class="run-rows"
        role="radiogroup"
        aria-label={l10n.t("Runs of this prompt")}
        onKeyDown={onKeyDown}
      >
        {listed.map((run) => (
          <Row
            key={run.run}
            run={run}
            pieces={pieces.get(run.run)!}
            isShown={run.run === shown}
            isCompared={run === compared}
            strip={run.isShown ? strip : null}
            onShow={() => {
              choose(run.run);
            }}
            onCompare={() => {
              compare(run.run);
            }}
          />
        ))}
      </div>
      {listed.length < runs.length && (
        <button
          type="button"
          class="link hint"
          onClick={() => {
            showAll(true);
          }}
        >
          {l10n.t("Show all {0} runs", runs.length)}
        </button>
      )}
      {one && compared && (
        <p class="hint run-comparison" role="status">
          {comparisonText(one, compared)}
        </p>
      )}
    </div>
  );
}

/** How many there are, and what is done with the shown one. */
function Head(props: ListProps & { readonly one: PanelRun | undefined }): VNode {
  const { state, one, compared, onCompare, post } = props;
  const { runs } = state;
  const others = runs.filter((run) => run !== one);
  return (
    <div class="runs-head">
      <h2>
        {l10n.t("Runs")} <span class="dim">{runs.length}</span>
      </h2>
      <Dropdown
        label={l10n.t("Compare with")}
        value={compared === null ? "" : String(compared)}
        options={[
          ["", l10n.t("Compare with…")],
          ...others.map(({ run, name }) => [String(run), name] as const),
        ]}
        onChange={(run) => {
          onCompare(run === "" ? null : Number(run));
        }}
      />
      {one && <PinButton run={one} post={post} />}
      {one && (
        <IconButton
          name={l10n.t("Remove {0}", one.name)}
          path="M4 4l8 8M12 4l-8 8"
          disabled={one.state === "running"}
          onPress={() => {
            post({ type: "run", run: one.run, action: "remove" });
          }}
        />
      )}
    </div>
  );
}

function PinButton({ run, post }: { readonly run: PanelRun; readonly post: Post }): VNode {
  const { isPinned, name } = run;
  return (
    <IconButton
      name={l10n.t("Keep {0} whatever runs again", name)}
      path="M6 2.5h4M7 2.5v4L4.5 9.5h7L9 6.5v-4M8 9.5v4"
      pressed={isPinned}
      onPress={() => {
        post({ type: "run", run: run.run, action: isPinned ? "unpin" : "pin" });
      }}
    />
  );
}

function IconButton(props: {
  readonly name: string;
  readonly path: string;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly onPress: () => void;
}): VNode {
  const { name, path, disabled = false, pressed, onPress } = props;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={name}
      aria-pressed={pressed}
      title={name}
      disabled={disabled}
      onClick={onPress}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}

function Row(props: {
  readonly run: PanelRun;
  readonly pieces: NamePieces;
  readonly isShown: boolean;
  readonly isCompared: boolean;
  /** Of the shown one. */
  readonly strip: VNode | null;
  readonly onShow: () => void;
  readonly onCompare: () => void;
}): VNode {
  const { run, pieces, isShown, isCompared, strip, onShow, onCompare } = props;
  const { flip, blocks, isPinned, verdict } = run;
  const onClick = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey) onCompare();
    else onShow();
  };
  return (
    <div class={`plot-row run-row${isShown ? " shown" : ""}${isCompared ? " compared" : ""}`}>
      <button
        type="button"
        class="run-name"
        role="radio"
        aria-checked={isShown}
        aria-label={spoken(run)}
        title={`${spoken(run)}\n${l10n.t("Ctrl+click: compare with the shown run")}`}
        tabIndex={isShown ? 0 : -1}
        data-run={run.run}
        onClick={onClick}
      >
        {pieces.alike !== "" && <span class="run-alike">{pieces.alike}&nbsp;</span>}
        <span class="run-words">{pieces.own}</span>
        {isPinned && (
          <svg class="run-pin" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M6 2.5h4M7 2.5v4L4.5 9.5h7L9 6.5v-4M8 9.5v4" />
          </svg>
        )}
      </button>
      <div class="run-strip" onClick={strip ? undefined : onClick}>
        {strip ?? <StripPreview sweep={run} blocks={blocks} />}
        {flip && <span class="run-flip" style={{ left: `${(100 * flip.k) / blocks}%` }} aria-hidden="true" />}
      </div>
      <span class="flip-column" aria-hidden="true" title={verdict}>
        {flip ? flip.k : "–"}
      </span>
    </div>
  );
}

/** A run as a screen reader says it, and as its tooltip. */
function spoken({ name, verdict, standing, isPinned, sentence, state }: PanelRun): string {
  const facts = [
    name,
    state === "running" ? l10n.t("running") : verdict,
    textOf(standingText(standing)),
    isPinned ? l10n.t("pinned") : "",
    sentence,
  ];
  return facts.filter((fact) => fact !== "").join(", ");
}

/** The run that was removed last, and the way back. */
export function RemovedRun({
  state,
  post,
}: {
  readonly state: PanelState;
  readonly post: Post;
}): VNode | null {
  const { removed } = state;
  if (removed === null) return null;
  return (
    <p class="hint removed-run" role="status">
      {filled(l10n.t("{0} was removed."), <b>{removed}</b>)}{" "}
      <button
        type="button"
        class="link"
        onClick={() => {
          post({ type: "restoreRun" });
        }}
      >
        {l10n.t("Undo")}
      </button>
    </p>
  );
}
