/** What the model goes on to say: after the unpatched prompt, and after the patched one at the chosen k. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Outcome } from "../../src/shared/experiment/outcome.ts";
import type { PanelSweep } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { MOST_CONTINUATION_TOKENS, USUAL_CONTINUATION_TOKENS } from "../../src/shared/experiment/limits.ts";
import type { Continuation as Text, ContinuationRow } from "../../src/shared/experiment/result.ts";
import { scopeText } from "../../src/shared/words/facts.ts";
import { Button, NumberField } from "../parts/widgets.tsx";
import { useReadOnly } from "../parts/read-only.ts";
import { typedWhole } from "../parts/typed-number.ts";
import { useKept } from "../parts/use-kept.ts";
import { rowsAt } from "../../src/shared/figure/strip-cells.ts";

/** Texts side by side, and the way to ask for them. */
export function ContinuationBlock(props: {
  readonly sweep: PanelSweep;
  readonly k: number;
  readonly busy: boolean;
  readonly post: (intent: PanelIntent) => void;
}): VNode | null {
  const { sweep, k, busy, post } = props;
  const readOnly = useReadOnly();
  const { continuations } = sweep;
  const [tokens, setTokens] = useState(continuations?.tokens ?? USUAL_CONTINUATION_TOKENS);
  const [newest, keep] = useKept(tokens);
  const rows = continuations?.rows.filter((row) => row.k === k) ?? [];
  if (readOnly && !continuations) return null;
  return (
    <div class="continuation">
      <div class="block-line">
        <h3>{l10n.t("Continuation")}</h3>
        {!readOnly && (
          <span class="field-controls">
            <NumberField
              label={l10n.t("Tokens to generate")}
              value={tokens}
              parse={(text) => typedWhole(text, 1, MOST_CONTINUATION_TOKENS)}
              onChange={(next) => {
                keep(next);
                setTokens(next);
              }}
            />
            <span class="dim">{l10n.t("tokens")}</span>
            <Button
              disabled={busy || sweep.state !== "complete"}
              onPress={() => {
                post({ type: "continue", k, tokens: newest() });
              }}
            >
              {l10n.t("Continue")}
            </Button>
          </span>
        )}
      </div>
      {continuations && (
        <div class="continuation-texts">
          <Said title={l10n.t("Unpatched")} text={continuations.baseline} side="target" />
          {rows.length === 0 ? (
            <p class="dim">
              {readOnly
                ? l10n.t("Patched at k = {0}: not generated.", k)
                : l10n.t("Patched at k = {0}: not generated yet.", k)}
            </p>
          ) : (
            rows.map((row) => (
              <Said
                key={row.seed}
                title={
                  row.seed === null
                    ? l10n.t("Patched at k = {0}", k)
                    : l10n.t("Patched at k = {0}, seed {1}", k, row.seed)
                }
                text={row}
                side={sideOf(sweep, row)}
              />
            ))
          )}
        </div>
      )}
      {continuations && <p class="dim hint">{scopeText(continuations.scope)}</p>}
    </div>
  );
}

/** What the patched run answered, so that its text has the answer's colour. */
function sideOf(sweep: PanelSweep, { k, seed }: ContinuationRow): Outcome {
  return rowsAt(sweep, k).find((row) => (row.seed ?? null) === seed)?.outcome ?? "neither";
}

function Said(props: { readonly title: string; readonly text: Text; readonly side: Outcome }): VNode {
  const { title, text, side } = props;
  return (
    <figure class={`said ${side}`}>
      <figcaption class="dim">{title}</figcaption>
      <blockquote>
        {text.text}
        {text.endedBy === "end" && <span class="dim"> {l10n.t("(end of text)")}</span>}
      </blockquote>
    </figure>
  );
}
