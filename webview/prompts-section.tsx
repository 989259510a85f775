/** Source and target as token chips, and the swap in words. */
import type { VNode } from "preact";
import type { SectionProps } from "./app.tsx";
import { Chips } from "./chips.tsx";
import { StateSentence } from "./colored-text.tsx";
import { Button } from "./controls.tsx";
import { Section } from "./section.tsx";
import { toggled } from "./ui-state.ts";

/** The prompts of the swap. */
export function PromptsSection(props: SectionProps): VNode {
  const { state, open, onToggle } = props;
  return (
    <Section id="prompts" title="Swap" open={open} onToggle={onToggle}>
      <Prompt {...props} side="source" />
      <Prompt {...props} side="target" />
      {state.sentence !== "" && (
        <p class="sentence">
          <StateSentence sentence={state.sentence} />
        </p>
      )}
    </Section>
  );
}

function Prompt({
  state,
  ui,
  busy,
  change,
  post,
  side,
}: SectionProps & { readonly side: "source" | "target" }): VNode {
  const prompt = state[side];
  return (
    <div class="prompt">
      <h3>
        <span class={`${side}-text`} aria-hidden="true">
          {side === "source" ? "◆" : "★"}
        </span>
        <span>{side === "source" ? "Source: put in" : "Target: replaced"}</span>
        {prompt && (
          <span class="prompt-label" title={prompt.label}>
            {prompt.label}
          </span>
        )}
      </h3>
      {prompt ? (
        <Chips
          side={side}
          prompt={prompt}
          unfolded={ui.unfolded.includes(side)}
          onFold={() => {
            change({ unfolded: toggled(ui.unfolded, side) });
          }}
          post={post}
        />
      ) : (
        <div class="missing">
          <p class="dim">
            {side === "source"
              ? "No state copied yet: select a word in a prompt and run Copy State."
              : "Nothing to replace yet: select a word in a prompt and run Swap State Here."}
          </p>
          {side === "source" && state.target && (
            <Button
              disabled={busy}
              onPress={() => {
                post({ type: "command", command: "chooseSource" });
              }}
            >
              Choose Source…
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
