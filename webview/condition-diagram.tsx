/** A small diagram of each condition: tokens as columns, blocks as rows from the embeddings up, what is replaced where. */
import type { VNode } from "preact";
import type { ConditionKind } from "../src/shared/condition.ts";

/** Tokens and blocks of the diagram; block 2 stands for k. */
const columns = 5;
const rows = 5;
const k = 2;
const cell = 8;
const gap = 2;
const step = cell + gap;

const width = columns * step - gap;
const height = rows * step - gap;

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
      return block >= k ? "alone" : "plain";
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
      cells.push(
        <Cell
          key={`${block}-${token}`}
          face={faceOf(kind, token, block)}
          x={token * step}
          y={(rows - 1 - block) * step}
        />,
      );
    }
  }
  const edge = (rows - k) * step - gap / 2;
  return (
    <svg class="diagram" viewBox={`-1 -1 ${width + 2} ${height + 2}`} aria-hidden="true">
      {kind !== "skip-attention" && <Reading from={k} until={rows - 1} />}
      {cells}
      <line class="diagram-k" x1={-1} x2={width + 1} y1={edge} y2={edge} />
    </svg>
  );
}

/** The last token reads the others: lines in the gaps above k. */
function Reading({ from, until }: { readonly from: number; readonly until: number }): VNode {
  const lines: VNode[] = [];
  for (let block = from; block < until; block++) {
    const y = (rows - 1 - block) * step - gap / 2;
    lines.push(<line key={block} class="diagram-read" x1={cell / 2} x2={width - cell / 2} y1={y} y2={y} />);
  }
  return <g>{lines}</g>;
}

function Cell({ face, x, y }: { readonly face: Face; readonly x: number; readonly y: number }): VNode {
  const box = { x, y, width: cell, height: cell, rx: 1 };
  const middle = { cx: x + cell / 2, cy: y + cell / 2 };
  switch (face) {
    case "plain":
      return <rect class="diagram-plain" {...box} />;
    case "source":
    case "given":
      return (
        <path
          class={face === "source" ? "diagram-source" : "diagram-given"}
          d={`M${x + cell / 2} ${y - 1}l${cell / 2 + 1} ${cell / 2 + 1}l${-cell / 2 - 1} ${cell / 2 + 1}l${-cell / 2 - 1} ${-cell / 2 - 1}z`}
        />
      );
    case "noise":
      return (
        <g class="diagram-mark">
          <rect class="diagram-put" {...box} />
          {[1.5, 4, 6.5].flatMap((dx, i) =>
            [2, 5.5].map((dy, j) => (
              <circle key={`${dx}-${dy}`} cx={x + dx} cy={y + dy + ((i + j) % 2)} r={0.9} />
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
            d={`M${x + 2} ${y + 2}L${x + 6} ${y + 6}M${x + 6} ${y + 2}L${x + 2} ${y + 6}`}
          />
        </g>
      );
    case "held":
      return (
        <g>
          <rect class="diagram-put" {...box} />
          <line class="diagram-stroke" x1={x + cell / 2} x2={x + cell / 2} y1={y - gap} y2={y + cell + gap} />
        </g>
      );
    case "zero":
      return <rect class="diagram-hole" {...box} />;
    case "mean":
      return (
        <g>
          <rect class="diagram-put" {...box} />
          <line class="diagram-stroke" x1={x + 1.5} x2={x + cell - 1.5} y1={middle.cy} y2={middle.cy} />
        </g>
      );
    case "same":
      return (
        <g>
          <rect class="diagram-plain" {...box} />
          <circle class="diagram-ring" {...middle} r={2.4} />
        </g>
      );
    case "alone":
      return <rect class="diagram-alone" {...box} />;
  }
}
