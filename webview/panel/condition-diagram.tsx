/** A small diagram of each condition: tokens as columns, blocks as rows from the embeddings up, what is replaced where. */
import type { VNode } from "preact";
import type { ConditionKind } from "../../src/shared/condition/condition.ts";

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

/** What stands in a cell. */
type Face = "plain" | "source" | "noise" | "shuffled" | "held" | "zero" | "mean" | "same" | "given" | "alone";

/** Face of the cell at a token and block; 0-based, blocks from the embeddings. */
function faceOf(kind: ConditionKind, token: number, block: number): Face {
  const last = token === COLUMNS - 1;
  switch (kind) {
    case "swap":
      return token === 2 && block === K ? "source" : "plain";
    case "vectors":
      return token === 2 && block === K ? "given" : "plain";
    case "freeze":
      return !last && block >= K ? "held" : "plain";
    case "skip-attention":
      return block > K ? "alone" : "plain";
    case "random":
      return !last && block === K ? "noise" : "plain";
    case "shuffle":
      return !last && block === K ? "shuffled" : "plain";
    case "zero":
      return !last && block === K ? "zero" : "plain";
    case "mean":
      return !last && block === K ? "mean" : "plain";
    case "identity":
      return !last && block === K ? "same" : "plain";
  }
}

/** The diagram; the name and the sentence beside it say the same to a screen reader. */
export function ConditionDiagram({ kind }: { readonly kind: ConditionKind }): VNode {
  const cells: VNode[] = [];
  for (let block = 0; block < ROWS; block++) {
    for (let token = 0; token < COLUMNS; token++) {
      const face = faceOf(kind, token, block);
      cells.push(<Cell key={`${block}-${token}`} face={face} x={token * STEP.x} y={topOf(block)} />);
    }
  }
  return (
    <svg
      class="diagram"
      viewBox={`${-MARGIN} -1 ${WIDTH + MARGIN + 1} ${HEIGHT + 2}`}
      aria-hidden="true"
      focusable="false"
    >
      <Attention blocks={kind === "skip-attention" ? K : ROWS - 1} />
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

function Cell({ face, x, y }: { readonly face: Face; readonly x: number; readonly y: number }): VNode {
  const box = { x, y, width: CELL.width, height: CELL.height, rx: 1 };
  const middle = { cx: x + CELL.width / 2, cy: y + CELL.height / 2 };
  switch (face) {
    case "plain":
      return <rect class="diagram-plain" {...box} />;
    case "source":
    case "given":
      return (
        <path
          class={face === "source" ? "diagram-source" : "diagram-given"}
          d={`M${middle.cx} ${middle.cy - 5}l5 5l-5 5l-5 -5z`}
        />
      );
    case "noise":
      return (
        <g class="diagram-mark">
          <rect class="diagram-put" {...box} />
          {[1.5, 4, 6.5].flatMap((dx, i) =>
            [1.3, 3.9].map((dy, j) => (
              <circle key={`${dx}-${dy}`} cx={x + dx} cy={y + dy + ((i + j) % 2) * 0.8} r={0.9} />
            )),
          )}
        </g>
      );
    case "shuffled":
      return (
        <g>
          <rect class="diagram-put" {...box} />
          <path
            class="diagram-stroke"
            d={`M${x + 2} ${y + 1}L${x + 6} ${y + 5}M${x + 6} ${y + 1}L${x + 2} ${y + 5}`}
          />
        </g>
      );
    case "held":
      return (
        <g>
          <rect class="diagram-put" {...box} />
          <line class="diagram-stroke" x1={middle.cx} x2={middle.cx} y1={y} y2={y + STEP.y} />
        </g>
      );
    case "zero":
      return <rect class="diagram-hole" {...box} />;
    case "mean":
      return (
        <g>
          <rect class="diagram-put" {...box} />
          <line class="diagram-stroke" x1={x + 1.5} x2={x + CELL.width - 1.5} y1={middle.cy} y2={middle.cy} />
        </g>
      );
    case "same":
      return (
        <g>
          <rect class="diagram-plain" {...box} />
          <circle class="diagram-ring" {...middle} r={2} />
        </g>
      );
    case "alone":
      return <rect class="diagram-alone" {...box} />;
  }
}
