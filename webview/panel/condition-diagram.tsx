/** A small diagram of each condition: tokens as columns, blocks as rows from the embeddings up, what is replaced where. */
import type { VNode } from "preact";
import type { ConditionKind } from "../../src/shared/condition/condition.ts";
import { descriptorOf } from "../../src/shared/condition/condition.ts";
import type { DiagramFace } from "../../src/shared/condition/diagram-face.ts";

/** Tokens and blocks of the diagram; block 2 stands for k. */
const COLUMNS = 5;
const ROWS = 5;
const K = 2;
/** A cell is the input of a block at a token; attention runs in the gaps between blocks. */
const CELL = { width: 8, height: 6 };
const GAP = { x: 2, y: 4 };
const STEP = { x: CELL.width + GAP.x, y: CELL.height + GAP.y };
/** Room for the letter k at the left. */
const MARGIN = 8;

const WIDTH = COLUMNS * STEP.x - GAP.x;
const HEIGHT = ROWS * STEP.y - GAP.y;

/** Top edge of the cells of a block. */
function topOf(block: number): number {
  return (ROWS - 1 - block) * STEP.y;
}

/** Whether the cell at a token and block is one that the condition changes; 0-based, blocks from the embeddings. */
function isChanged({ tokens, blocks }: DiagramFace, token: number, block: number): boolean {
  const isAtToken = { one: token === 2, "all-but-last": token < COLUMNS - 1, all: true }[tokens];
  return isAtToken && { k: block === K, "from-k": block >= K, "after-k": block > K }[blocks];
}

/** The diagram; the name and the sentence beside it say the same to a screen reader. */
export function ConditionDiagram({ kind }: { readonly kind: ConditionKind }): VNode {
  const { face, acts } = descriptorOf(kind);
  const cells: VNode[] = [];
  for (let block = 0; block < ROWS; block++) {
    for (let token = 0; token < COLUMNS; token++) {
      const changed = isChanged(face, token, block) ? face : null;
      cells.push(<Cell key={`${block}-${token}`} face={changed} x={token * STEP.x} y={topOf(block)} />);
    }
  }
  return (
    <svg
      class="diagram"
      viewBox={`${-MARGIN} -1 ${WIDTH + MARGIN + 1} ${HEIGHT + 2}`}
      aria-hidden="true"
      focusable="false"
    >
      <Attention blocks={acts === "skips-attention" ? K : ROWS - 1} />
      {cells}
      {/* The letter k as lines: text in the drawing would become part of the button's name. */}
      <path class="diagram-k" d={`M${-MARGIN + 1} ${topOf(K) - 0.5}v7m3.4 -4.6l-3.2 2.4l3.4 2.2`} />
    </svg>
  );
}

/** The last token reads the others: an arrow above each of the first blocks. */
function Attention({ blocks }: { readonly blocks: number }): VNode {
  const end = WIDTH - CELL.width / 2;
  const arrows = Array.from({ length: blocks }, (_, block) => {
    const y = topOf(block) - GAP.y / 2;
    return `M${CELL.width / 2} ${y}H${end}m-2 -1.5l2 1.5l-2 1.5`;
  });
  return <path class="diagram-read" d={arrows.join("")} />;
}

/** @param face null: a cell that stays as it is */
function Cell({
  face,
  x,
  y,
}: {
  readonly face: DiagramFace | null;
  readonly x: number;
  readonly y: number;
}): VNode {
  const { box, mark } = face ?? { box: "plain", mark: null };
  return (
    <g transform={`translate(${x} ${y})`}>
      {box && <rect class={`diagram-${box}`} width={CELL.width} height={CELL.height} rx={1} />}
      {mark && <path class={`diagram-${mark.look}`} d={mark.path} />}
    </g>
  );
}
