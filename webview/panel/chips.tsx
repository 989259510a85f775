/** A prompt as token chips: source ◆, target ★; chosen by mouse or keyboard with one tab stop. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { Fragment } from "preact";
import { useRef, useState } from "preact/hooks";
import type { PanelPrompt } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { attentionText } from "./attention.ts";
import { foldChips, isFoldable, pressed, span } from "./chip-selection.ts";
import { useReadOnly } from "../parts/read-only.ts";
import { bytePlaces } from "../../src/shared/text/token-bytes.ts";
import { useKept } from "../parts/use-kept.ts";
import { tokenFace, tokenLabel } from "../parts/token-text.ts";
import type { TokenRole } from "../parts/token-text.ts";

/** What a prompt's chips need. */
export interface ChipsProps {
  readonly side: "source" | "target";
  readonly prompt: PanelPrompt;
  /** Attention of the last token to each token, 0..1; null while it is not shown. */
  readonly attention: readonly number[] | null;
  readonly unfolded: boolean;
  readonly onFold: () => void;
  readonly post: (intent: PanelIntent) => void;
}

/** Chosen tokens up to this number are boxed one by one; more are marked quietly. */
const MOST_LOUD = 8;

/**
 * Listbox of tokens. Click or Enter chooses, Shift extends from the last plain choice, Ctrl or Cmd adds; arrows move and
 * show the token in the editor, as a double click does.
 */
export function Chips({ side, prompt, attention, unfolded, onFold, post }: ChipsProps): VNode {
  const { tokens, positions, read = positions } = prompt;
  const most = Math.max(Number.EPSILON, ...(attention ?? []));
  const inEditor = new Set(prompt.selected ?? []);
  const list = useRef<HTMLDivElement>(null);
  const anchor = useRef<number | null>(null);
  const [cursor, setCursor] = useState(positions[0] ?? 0);
  const readOnly = useReadOnly();
  const places = bytePlaces(tokens.map((token) => token.text));
  const runs = foldChips(tokens.length, positions, unfolded);
  const shown = runs.filter((run) => !run.folded).flatMap((run) => span(run.from, run.to));
  const stop = shown.includes(cursor) ? cursor : (positions[0] ?? 0);
  const [newestPositions, keepPositions] = useKept(positions);
  const [newestStop, keepStop] = useKept(stop);

  const moveCursor = (position: number): void => {
    keepStop(position);
    setCursor(position);
  };
  const choose = (position: number, event: MouseEvent | KeyboardEvent): void => {
    if (readOnly) return;
    const modifiers = { extend: event.shiftKey, toggle: event.ctrlKey || event.metaKey };
    const next = pressed(newestPositions(), position, anchor.current, modifiers);
    keepPositions(next);
    post({ type: "setPositions", side, positions: [...next] });
    if (!event.shiftKey) anchor.current = position;
    moveCursor(position);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(newestStop(), event);
      return;
    }
    const next = moveTo(event.key, shown, newestStop());
    if (next === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (event.shiftKey && !readOnly) {
      anchor.current ??= newestPositions()[0] ?? newestStop();
      choose(next, event);
    } else post({ type: "reveal", side, position: next });
    moveCursor(next);
    // At once, not after drawing: the next key may come before that.
    list.current?.querySelector<HTMLElement>(`[data-position="${next}"]`)?.focus();
  };

  return (
    <Fragment>
      <div
        ref={list}
        class={`chips ${side}${read.length > MOST_LOUD ? " many" : ""}`}
        role="listbox"
        aria-multiselectable="true"
        aria-readonly={readOnly}
        aria-orientation="horizontal"
        aria-label={
          side === "source" ? l10n.t("Source tokens, state put in") : l10n.t("Target tokens, state replaced")
        }
        onKeyDown={onKeyDown}
      >
        {runs.map((run) =>
          run.folded ? (
            <span key={`fold-${run.from}`} class="chip-fold" aria-hidden="true">
              {l10n.t("⋯ {0} tokens ⋯", run.to - run.from + 1)}
            </span>
          ) : (
            tokens.slice(run.from, run.to + 1).map((token) => {
              const chosen = positions.includes(token.index);
              const last = side === "target" && token.index === tokens.length - 1;
              const roles: TokenRole[] = [
                ...(read.includes(token.index) ? ["chosen" as const] : chosen ? ["copied" as const] : []),
                ...(last ? ["last" as const] : []),
                ...(token.special ? ["special" as const] : []),
              ];
              const place = places[token.index] ?? null;
              const bytes = place ? [`bytes-${place.part === 0 ? "first" : "more"}`] : [];
              const weight = attention?.[token.index];
              const attended = weight === undefined ? [] : [attentionText(weight)];
              const follows = last ? [l10n.t("the answer follows")] : [];
              return (
                <span
                  key={token.index}
                  class={[
                    "chip",
                    ...bytes,
                    ...roles,
                    ...(inEditor.has(token.index) ? ["in-editor"] : []),
                  ].join(" ")}
                  role="option"
                  aria-selected={chosen}
                  aria-label={[tokenLabel(token, side, roles, place), ...attended].join(", ")}
                  tabIndex={token.index === stop ? 0 : -1}
                  data-position={token.index}
                  title={[
                    `@${token.index}`,
                    ...(place ? [token.text] : []),
                    `id ${token.id}`,
                    ...follows,
                    ...attended,
                  ].join(" · ")}
                  onClick={(event) => {
                    choose(token.index, event);
                  }}
                  onDblClick={() => {
                    post({ type: "reveal", side, position: token.index });
                  }}
                >
                  {roles.includes("chosen") && read.length <= MOST_LOUD && (place?.part ?? 0) === 0 && (
                    <span class="mark">{side === "source" ? "◆" : "★"}</span>
                  )}
                  {tokenFace(token, place)}
                  {weight !== undefined && (
                    <i class="chip-attention" style={{ width: `${(100 * weight) / most}%` }} />
                  )}
                </span>
              );
            })
          ),
        )}
      </div>
      {isFoldable(tokens.length) && (
        <button type="button" class="link" aria-expanded={unfolded} onClick={onFold}>
          {unfolded ? l10n.t("Show fewer") : l10n.t("Show all {0} tokens", tokens.length)}
        </button>
      )}
    </Fragment>
  );
}

/** Where a key moves from `at` among the shown positions; null for keys that do not move. */
function moveTo(key: string, shown: readonly number[], at: number): number | null {
  const index = shown.indexOf(at);
  const target = ((): number | null => {
    switch (key) {
      case "ArrowRight":
      case "ArrowDown":
        return index + 1;
      case "ArrowLeft":
      case "ArrowUp":
        return index - 1;
      case "Home":
        return 0;
      case "End":
        return shown.length - 1;
      default:
        return null;
    }
  })();
  return target === null ? null : shown[Math.max(0, Math.min(shown.length - 1, target))]!;
}
