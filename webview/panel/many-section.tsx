/** A swap on many prompts as a table: a row each, sorted by any column; a row shows its prompt, here below and in the editor. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { OUTCOME_MARK, outcomeStretches } from "../../src/shared/experiment/outcome.ts";
import type { ManyColumn } from "../../src/shared/experiment/many.ts";
import type { ManyRow } from "../../src/shared/experiment/many.ts";
import { neitherOf, sortedRows } from "../../src/shared/experiment/many.ts";
import type { PanelMany } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { rangeText } from "../../src/shared/text/ranges.ts";
import { shownText } from "../../src/shared/text/text-width.ts";
import { visibleText } from "../../src/shared/text/shown-text.ts";
import { outcomeName } from "../../src/shared/words/answer.ts";
import { Button } from "../parts/widgets.tsx";

type Post = (intent: PanelIntent) => void;

interface Order {
  readonly column: ManyColumn;
  readonly descending: boolean;
}

/** The table and what is done with it. */
export function ManySection({ many, post }: { readonly many: PanelMany; readonly post: Post }): VNode {
  const [order, setOrder] = useState<Order | null>(null);
  const done = many.rows.filter(({ state }) => state === "complete").length;
  const rest = many.rows.some(({ state }) => state === "cancelled");
  const rows = order ? sortedRows(many.rows, order.column, order.descending) : many.rows;
  return (
    <section class="section section-many" aria-labelledby="title-many">
      <div class="section-head">
        <h2 id="title-many">{l10n.t("Prompts")}</h2>
        <span class="section-fact dim">{l10n.t("{0} of {1}", done, many.rows.length)}</span>
        <button
          type="button"
          class="icon-button"
          aria-label={l10n.t("Put the table away")}
          title={l10n.t("Put the table away")}
          onClick={() => {
            post({ type: "table", act: "close" });
          }}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M4 4l8 8M12 4l-8 8" />
          </svg>
        </button>
      </div>
      <div class="many-scroll">
        <table class="many">
          <thead>
            <tr>
              {columns().map((column) => (
                <Heading key={column.id} {...column} order={order} onOrder={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} blocks={many.blocks} isShown={row.id === many.shown} post={post} />
            ))}
          </tbody>
        </table>
      </div>
      <div class="buttons">
        {rest && !many.isRunning && <Act act="runRest" name={l10n.t("Run the Rest")} post={post} />}
        <Act act="copy" name={l10n.t("Copy Table")} post={post} />
        <Act act="save" name={l10n.t("Save as CSV…")} post={post} />
      </div>
    </section>
  );
}

function Act(props: {
  readonly act: Extract<PanelIntent, { type: "table" }>["act"];
  readonly name: string;
  readonly post: Post;
}): VNode {
  const { act, name, post } = props;
  return (
    <Button
      onPress={() => {
        post({ type: "table", act });
      }}
    >
      {name}
    </Button>
  );
}

interface Column {
  readonly id: ManyColumn;
  readonly face: string;
  /** Said and shown as a tooltip. */
  readonly name: string;
}

function columns(): readonly Column[] {
  return [
    { id: "prompt", face: l10n.t("Prompt"), name: l10n.t("Prompt, with the replaced tokens") },
    { id: "answer", face: OUTCOME_MARK.target, name: l10n.t("★ What the prompt answers unpatched") },
    {
      id: "layers",
      face: l10n.t("Layers"),
      name: l10n.t("Layers: outcomes over k, by the share of source answers"),
    },
    {
      id: "flip",
      face: l10n.t("Flip"),
      name: l10n.t("Flip: the first k of the final run of target answers"),
    },
    { id: "neither", face: OUTCOME_MARK.neither, name: l10n.t("Layers that answer neither") },
  ];
}

function Heading(
  props: Column & { readonly order: Order | null; readonly onOrder: (order: Order | null) => void },
): VNode {
  const { id, face, name, order, onOrder } = props;
  const own = order?.column === id ? order : null;
  const turned =
    own === null ? { column: id, descending: false } : own.descending ? null : { ...own, descending: true };
  return (
    <th scope="col" aria-sort={own === null ? "none" : own.descending ? "descending" : "ascending"}>
      <button
        type="button"
        class="link"
        title={name}
        aria-label={name}
        onClick={() => {
          onOrder(turned);
        }}
      >
        {face}
        {own && (own.descending ? " ▾" : " ▴")}
      </button>
    </th>
  );
}

function Row(props: {
  readonly row: ManyRow;
  readonly blocks: number;
  readonly isShown: boolean;
  readonly post: Post;
}): VNode {
  const { row, blocks, isShown, post } = props;
  const { state, flip, targetAnswer, sourceAnswer, failure, outcomes } = row;
  const ran = outcomes.length > 0;
  return (
    <tr class={state} aria-current={isShown ? "true" : undefined}>
      <th scope="row">
        <button
          type="button"
          class="link"
          title={`${row.label}\n${row.prompt}`}
          disabled={state === "failed" && row.target === ""}
          onClick={() => {
            post({ type: "openRow", id: row.id });
          }}
        >
          {row.target === "" ? (
            <span>{shownText(row.prompt)}</span>
          ) : (
            <>
              <b class="target-text">★{visibleText(row.target.trim())}</b>
              <span class="dim">{shownText(row.prompt)}</span>
            </>
          )}
        </button>
      </th>
      {failure || !ran ? (
        <td colSpan={4} class={failure ? "error-text" : "dim"} title={failure?.hint}>
          {failure ? failure.message : stateText(state)}
        </td>
      ) : (
        <>
          <td
            title={sourceAnswer === "" ? undefined : l10n.t("Source answer: {0}", visibleText(sourceAnswer))}
          >
            {visibleText(targetAnswer.trim() === "" ? targetAnswer : targetAnswer.trim())}
          </td>
          <td>
            <MiniStrip row={row} blocks={blocks} />
          </td>
          <td class="number">{flip ? flip.k : "–"}</td>
          <td class="number">{neitherOf(row)}</td>
        </>
      )}
    </tr>
  );
}

function stateText(state: ManyRow["state"]): string {
  switch (state) {
    case "running":
      return l10n.t("… running");
    case "cancelled":
      return l10n.t("not run");
    case "waiting":
    case "complete":
    case "failed":
      return l10n.t("waits");
  }
}

/** Outcomes over all layers: source answers as high as the strip, target answers half, neither a line. */
function MiniStrip({ row, blocks }: { readonly row: ManyRow; readonly blocks: number }): VNode {
  const stretches = outcomeStretches(row.outcomes, row.from);
  const said = stretches.map(({ outcome, from, to }) => `${outcomeName(outcome)} k ${rangeText(from, to)}`);
  const width = Math.max(blocks, row.from + row.outcomes.length);
  return (
    <svg
      class="mini-strip"
      role="img"
      aria-label={said.join(", ")}
      viewBox={`0 0 ${width} 10`}
      preserveAspectRatio="none"
    >
      <title>{said.join(", ")}</title>
      {stretches.map(({ outcome, from, to }) => {
        const height = { source: 10, target: 5, neither: 2 }[outcome];
        return (
          <rect class={outcome} key={from} x={from} y={10 - height} width={to - from + 1} height={height} />
        );
      })}
    </svg>
  );
}
