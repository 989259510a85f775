/** The range of k that the next run takes: two handles on one track, or two typed numbers. */
import { keyMove } from "../parts/step-keys.ts";
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import type { LayerRange as Range } from "../../src/shared/experiment/experiment.ts";
import { NumberField } from "../parts/widgets.tsx";
import type { Optimistic } from "../parts/use-optimistic.ts";

/** What the layer range needs. */
export interface LayerRangeProps {
  /** The range as the host has it. */
  readonly layers: Range;
  /** The same as the user set it last: fields and track share it. */
  readonly range: Optimistic<Range>;
  /** Number of blocks of the model. */
  readonly blocks: number;
  /** Comes once when a drag ends, a key moved a handle or a number was typed. */
  readonly onCommit: (layers: Range) => void;
}

type Handle = "from" | "to";

/** Moves one handle; it stops at the other one and at the ends of the model. */
function moveHandle(range: Range, handle: Handle, k: number, blocks: number): Range {
  const inside = Math.max(0, Math.min(blocks - 1, Math.round(k)));
  return handle === "from"
    ? { from: Math.min(inside, range.to), to: range.to }
    : { from: range.from, to: Math.max(inside, range.from) };
}

/** A whole number of blocks that stands in a field; null for anything else. */
function typedBlock(text: string, blocks: number): number | null {
  return /^\s*\d{1,4}\s*$/.test(text) ? Math.min(Number(text), blocks - 1) : null;
}

/** Whether two ranges are the same. */
export function isSameRange(a: Range, b: Range): boolean {
  return a.from === b.from && a.to === b.to;
}

/** The range of k as numbers to type. */
export function LayerFields({ layers, range, blocks, onCommit }: LayerRangeProps): VNode {
  const field = (handle: Handle): VNode => (
    <NumberField
      label={handle === "from" ? l10n.t("First k of the range") : l10n.t("Last k of the range")}
      value={layers[handle]}
      newest={() => range.newest()[handle]}
      parse={(text) => {
        const k = typedBlock(text, blocks);
        return k === null ? null : moveHandle(range.newest(), handle, k, blocks)[handle];
      }}
      onChange={(k) => {
        const next = moveHandle(range.newest(), handle, k, blocks);
        range.show(next);
        onCommit(next);
      }}
    />
  );
  return (
    <div class="layer-fields">
      <span class="dim">{l10n.t("Layers k =")}</span>
      {field("from")}
      <span class="dim">{l10n.t("to")}</span>
      {field("to")}
    </div>
  );
}

/** The range of k as a track with two handles, over all blocks of the model. */
export function LayerTrack(props: Omit<LayerRangeProps, "layers">): VNode {
  const { blocks, onCommit } = props;
  const { shown: range, newest, show } = props.range;
  const track = useRef<HTMLDivElement>(null);
  const dragged = useRef<{ readonly handle: Handle; readonly before: Range } | null>(null);

  const kAt = (event: PointerEvent): number => {
    const box = track.current!.getBoundingClientRect();
    return Math.floor(((event.clientX - box.left) / box.width) * blocks);
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const k = kAt(event);
    const before = newest();
    const nearFrom = Math.abs(k - before.from) < Math.abs(k - before.to) || k < before.from;
    const handle: Handle = nearFrom ? "from" : "to";
    dragged.current = { handle, before };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    show(moveHandle(before, handle, k, blocks), true);
    track.current!.querySelector<HTMLElement>(`[data-handle="${handle}"]`)?.focus();
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (dragged.current) show(moveHandle(newest(), dragged.current.handle, kAt(event), blocks), true);
  };
  const onPointerUp = (): void => {
    if (!dragged.current) return;
    const { before } = dragged.current;
    dragged.current = null;
    const next = newest();
    show(next);
    if (!isSameRange(next, before)) onCommit(next);
  };
  const onKeyDown = (handle: Handle, event: KeyboardEvent): void => {
    const before = newest();
    const k = keyMove(event.key, before[handle], blocks);
    if (k === null) return;
    event.preventDefault();
    const next = moveHandle(before, handle, k, blocks);
    if (isSameRange(next, before)) return;
    show(next);
    onCommit(next);
  };

  const slider = (handle: Handle): VNode => (
    <div
      class="layer-handle"
      data-handle={handle}
      role="slider"
      tabIndex={0}
      aria-label={handle === "from" ? l10n.t("First k") : l10n.t("Last k")}
      aria-valuemin={handle === "from" ? 0 : range.from}
      aria-valuemax={handle === "from" ? range.to : blocks - 1}
      aria-valuenow={range[handle]}
      aria-valuetext={
        range[handle] === 0
          ? l10n.t("k = 0 of {0}, before layer 0, the embeddings", blocks)
          : l10n.t("k = {0} of {1}, before layer {0}", range[handle], blocks)
      }
      title={handle === "from" ? l10n.t("First k: {0}", range[handle]) : l10n.t("Last k: {0}", range[handle])}
      style={{ left: `${(100 * (range[handle] + (handle === "from" ? 0 : 1))) / blocks}%` }}
      onKeyDown={(event) => {
        onKeyDown(handle, event);
      }}
    />
  );
  return (
    <div
      ref={track}
      class="layer-track"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
    >
      <div
        class="layer-fill"
        style={{
          left: `${(100 * range.from) / blocks}%`,
          right: `${100 - (100 * (range.to + 1)) / blocks}%`,
        }}
      />
      {slider("from")}
      {slider("to")}
    </div>
  );
}
