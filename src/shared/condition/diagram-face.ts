/** What a condition's small diagram shows: tokens as columns, inputs of blocks as rows, a mark where states are replaced. */

/** Cells that a condition changes, and how they look. Paths are relative to a cell of 8 by 6, from its top left corner. */
export interface DiagramFace {
  /** One chosen token, all but the last, or all. */
  readonly tokens: "one" | "all-but-last" | "all";
  /** The input of block k, the inputs from k on, or those after k. */
  readonly blocks: "k" | "from-k" | "after-k";
  /** The cell itself: filled as put in, as it was, an outline; or not drawn. */
  readonly box: "put" | "plain" | "hole" | null;
  /** What stands on it. */
  readonly mark: {
    readonly look: "stroke" | "dots" | "ring" | "source" | "given";
    readonly path: string;
  } | null;
}

/** A circle as a path. */
export function circle(x: number, y: number, r: number): string {
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
}
