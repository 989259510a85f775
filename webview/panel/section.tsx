/** A section of the panel that folds, as views in a side bar do. */
import type { ComponentChildren, VNode } from "preact";
import type { SectionId } from "./ui-state.ts";

/** Header with a twisty, a short fact at the right, and the content while open. */
export function Section(props: {
  readonly id: SectionId;
  readonly title: string;
  readonly fact?: ComponentChildren;
  readonly open: boolean;
  readonly onToggle: (id: SectionId) => void;
  readonly children: ComponentChildren;
}): VNode {
  const { id, title, fact, open, onToggle, children } = props;
  return (
    <section class={`section section-${id}`} aria-labelledby={`title-${id}`}>
      <div class="section-head">
        <h2>
          <button
            type="button"
            id={`title-${id}`}
            aria-expanded={open}
            aria-controls={`body-${id}`}
            onClick={() => {
              onToggle(id);
            }}
          >
            <svg class="twisty" viewBox="0 0 16 16" aria-hidden="true">
              <path d={open ? "M3 6l5 5 5-5" : "M6 3l5 5-5 5"} />
            </svg>
            {title}
          </button>
        </h2>
        {fact !== undefined && <span class="section-fact">{fact}</span>}
      </div>
      <div class="section-body" id={`body-${id}`} hidden={!open}>
        {open && children}
      </div>
    </section>
  );
}
