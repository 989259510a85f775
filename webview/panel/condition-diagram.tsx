/** A small diagram of each condition: tokens as columns, blocks as rows from the embeddings up, what is replaced where. */
import type { VNode } from "preact";
import type { ConditionKind } from "../../src/shared/condition/condition.ts";

/** Tokens and blocks of the diagram; block 2 stands for k. */
const columns = 5;
const rows = 5;
const k = 2;
/** A cell is the input of a block at a token; attention runs in the gaps between blocks. */
const cell = { width: 8, height: 6 };
const gap = { x: 2, y: 4 };
const step = { x: cell.width + gap.x, y: cell.height + gap.y };
/** Room for the letter k at the left. */
const margin = 8;

const width = columns * step.x - gap.x;
const height = rows * step.y - gap.y;

/** Top edge of the cells of a block. */
function topOf(block: number): number {
  return (rows - 1 - block) * step.y;
}

/** What stands in a cell. */
type Face = "plain" | "source" | "noise" | "shuffled" | "held" | "zero" | "mean" | "same" | "given" | "alone";

/** Face of the cell at a token and block; 0-based, blocks from the embeddings. */
function faceOf(kind: ConditionKind, token: number, block: number): Face {
  const last = token === columns - 1;
  switch (kind) {
    case "swap":
      return token === 2 && block === k ? "source" : "plain";
    case "vectors":
      return token === 2 && block === k ? "given" : "plain";
    case "freeze":
      return !last && block >= k ? "held" : "plain";
    case "skip-attention":
      return block > k ? "alone" : "plain";
    case "random":
      return !last && block === k ? "noise" : "plain";
    case "shuffle":
      return !last && block === k ? "shuffled" : "plain";
    case "zero":
      return !last && block === k ? "zero" : "plain";
    case "mean":
      return !last && block === k ? "mean" : "plain";
    case "identity":
      return !last && block === k ? "same" : "plain";
  }
}

/** The diagram; the name and the sentence beside it say the same to a screen reader. */
export function ConditionDiagram({ kind }: { readonly kind: ConditionKind }): VNode {
  const cells: VNode[] = [];
  for (let block = 0; block < rows; block++) {
    for (let token = 0; token < columns; token++) {
      const face = faceOf(kind, token, block);
      cells.push(<Cell key={`${block}-${token}`} face={face} x={token * step.x} y={topOf(block)} />);
    }
  }
  return (
    <svg
      class="diagram"
      viewBox={`${-margin} -1 ${width + margin + 1} ${height + 2}`}
      aria-hidden="true"
      focusable="false"
    >
      <Attention blocks={kind === "skip-attention" ? k : rows - 1} />
      {cells}
      {/* The letter k as lines: text in the drawing would become part of the button's name. */}
      <path class="diagram-k" d={`M${-margin + 1} ${topOf(k) - 0.5}v7m3.4 -4.6l-3.2 2.4l3.4 2.2`} />
    </svg>
  );
}

/** The last token reads the others: an arrow above each of the first blocks. */
function Attention({ blocks }: { readonly blocks: number }): VNode {
  const end = width - cell.width / 2;
  const arrows = Array.from({ length: blocks }, (_, block) => {
    const y = topOf(block) - gap.y / 2;
    return `M${cell.width / 2} ${y}H${end}m-2 -1.5l2 1.5l-2 1.5`;
  });
  return <path class="diagram-read" d={arrows.join("")} />;
}

function Cell({ face, x, y }: { readonly face: Face; readonly x: number; readonly y: number }): VNode {
  const box = { x, y, width: cell.width, height: cell.height, rx: 1 };
  const middle = { cx: x + cell.width / 2, cy: y + cell.height / 2 };
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
          <line class="diagram-stroke" x1={middle.cx} x2={middle.cx} y1={y} y2={y + step.y} />
        </g>
      );
    case "zero":
      return <rect class="diagram-hole" {...box} />;
    case "mean":
      return (
        <g>
          <rect class="diagram-put" {...box} />
          <line class="diagram-stroke" x1={x + 1.5} x2={x + cell.width - 1.5} y1={middle.cy} y2={middle.cy} />
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
