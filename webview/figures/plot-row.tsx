/** A row of a plot: its name in the gutter, what is drawn beside it, on the axis that all rows share. */
import type { ComponentChildren, VNode } from "preact";

/** The name is for the eye alone: what is drawn has its own for a screen reader. */
export function PlotRow(props: {
  readonly name: string;
  readonly className?: string;
  readonly children: ComponentChildren;
}): VNode {
  const { name, className = "", children } = props;
  return (
    <div class="plot-row">
      <span class={`gutter dim ${className}`.trim()} aria-hidden="true">
        {name}
      </span>
      {children}
    </div>
  );
}
