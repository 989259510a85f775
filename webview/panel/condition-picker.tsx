/** The condition of the next run: what is chosen, and all that can be chosen, each with its diagram. */
import * as l10n from "@vscode/l10n";
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ConditionKind } from "../../src/shared/condition/condition.ts";
import { CONDITION_KINDS, descriptorOf } from "../../src/shared/condition/condition.ts";
import type { PanelCondition } from "../../src/shared/protocol/panel.ts";
import { ConditionDiagram } from "./condition-diagram.tsx";
import { useReadOnly } from "../parts/read-only.ts";
import { useOptimistic } from "../parts/use-optimistic.ts";

/** Why a kind cannot be chosen; null when it can. */
function whyNot(kind: ConditionKind, condition: PanelCondition): string | null {
  if (descriptorOf(kind).acts !== "skips-attention" || condition.skipsAttention !== false) return null;
  return l10n.t("Attention cannot be skipped in this model’s file.");
}

/** A row with the chosen condition, which opens the list, and what else stands in it; the list below while it is open. */
export function ConditionPicker(props: {
  readonly condition: PanelCondition;
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
  /** Comes with each kind that is another than before. */
  readonly onPick: (kind: ConditionKind) => void;
  readonly children: ComponentChildren;
  /** What stands under the row, and stays in sight with it. */
  readonly below: ComponentChildren;
}): VNode {
  const { condition, open, onOpen, onClose, onPick, children, below } = props;
  const button = useRef<HTMLButtonElement>(null);
  const { shown: kind, newest, show } = useOptimistic(condition.choice.kind, Object.is);
  const pick = (picked: ConditionKind): void => {
    if (picked === newest()) return;
    show(picked);
    onPick(picked);
  };
  const close = (): void => {
    onClose();
    button.current?.focus();
  };
  const name = <b>{descriptorOf(kind).name()}</b>;
  if (useReadOnly()) {
    return (
      <div class="run-bar setup-row">
        <span class="condition-line" title={descriptorOf(kind).sentence()}>
          {name}
        </span>
        {children}
      </div>
    );
  }
  return (
    <>
      <div class="run-bar">
        <div class="setup-row">
          <button
            ref={button}
            type="button"
            class="condition-line"
            aria-expanded={open}
            aria-controls="conditions"
            title={descriptorOf(kind).sentence()}
            onClick={onOpen}
          >
            <span class="sr-only">{l10n.t("Condition:")} </span>
            {name}
            <svg class="twisty" viewBox="0 0 16 16" aria-hidden="true">
              <path d={open ? "M3 10l5-5 5 5" : "M3 6l5 5 5-5"} />
            </svg>
          </button>
          {children}
        </div>
        {below}
      </div>
      <div id="conditions" hidden={!open}>
        {open && (
          <ConditionList condition={condition} kind={kind} newest={newest} onPick={pick} onClose={close} />
        )}
      </div>
    </>
  );
}

/** Radio buttons with one tab stop; arrows move and choose, as radio buttons do. A click, Enter or Escape closes the list. */
function ConditionList(props: {
  readonly condition: PanelCondition;
  readonly kind: ConditionKind;
  readonly newest: () => ConditionKind;
  readonly onPick: (kind: ConditionKind) => void;
  readonly onClose: () => void;
}): VNode {
  const { condition, kind, newest, onPick, onClose } = props;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current!.querySelector<HTMLElement>("[aria-checked=true]")?.focus();
  }, []);
  const free = CONDITION_KINDS.filter((one) => whyNot(one, condition) === null);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      onClose();
      return;
    }
    const at = free.indexOf(newest());
    const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 }[event.key];
    const target = event.key === "Home" ? 0 : event.key === "End" ? free.length - 1 : next;
    if (target === undefined) return;
    event.preventDefault();
    const picked = free[(target + free.length) % free.length]!;
    onPick(picked);
    list.current?.querySelector<HTMLElement>(`[data-kind="${picked}"]`)?.focus();
  };
  return (
    <div
      ref={list}
      class="conditions"
      role="radiogroup"
      aria-label={l10n.t("Condition")}
      onKeyDown={onKeyDown}
    >
      {CONDITION_KINDS.map((one) => {
        const reason = whyNot(one, condition);
        return (
          <button
            key={one}
            type="button"
            class="condition-card"
            role="radio"
            aria-checked={one === kind}
            aria-disabled={reason !== null}
            aria-label={`${descriptorOf(one).name()}. ${reason ?? descriptorOf(one).sentence()}`}
            title={reason ?? descriptorOf(one).sentence()}
            tabIndex={one === kind ? 0 : -1}
            data-kind={one}
            onClick={() => {
              if (reason !== null) return;
              onPick(one);
              onClose();
            }}
          >
            <ConditionDiagram kind={one} />
            <span>{descriptorOf(one).name()}</span>
          </button>
        );
      })}
    </div>
  );
}
