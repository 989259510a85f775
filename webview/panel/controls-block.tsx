/** Controls beside the result: the same tokens and k, with an outcome that is known or should not matter. */
import * as l10n from "@vscode/l10n";
import { descriptorOf } from "../../src/shared/condition/condition.ts";
import { controlWords } from "../../src/shared/experiment/controls.ts";
import type { VNode } from "preact";
import type { PanelControl } from "../../src/shared/protocol/panel.ts";
import { Button } from "../parts/widgets.tsx";
import { useReadOnly } from "../parts/read-only.ts";
import { Words } from "../parts/words.tsx";
import { PlotRow } from "../figures/plot-row.tsx";
import { Strip } from "../figures/strip.tsx";
import type { SectionProps } from "./section-props.ts";
import { Section } from "./section.tsx";
import { useWidth } from "../parts/use-width.ts";

/** The button that runs them, and each with its strip and verdict. */
export function ControlsSection(props: SectionProps): VNode | null {
  const { state, blocks, busy, open, onToggle, post } = props;
  const { sweep, k } = state;
  const readOnly = useReadOnly();
  const [plot, width] = useWidth<HTMLDivElement>();
  // Where no state is replaced, there is nothing to put another one in for.
  if (!sweep || descriptorOf(sweep.kind).takes.places === "none") return null;
  if (readOnly && sweep.controls === null) return null;
  return (
    <Section
      id="controls"
      title={l10n.t("Controls")}
      fact={
        !readOnly && (
          <Button
            disabled={busy || sweep.state !== "complete"}
            title={l10n.t("Identity, norm-matched random and an unrelated source at the same tokens")}
            onPress={() => {
              post({ type: "command", command: "runControls" });
            }}
          >
            {l10n.t("Run Controls")}
          </Button>
        )
      }
      open={open}
      onToggle={onToggle}
    >
      {sweep.controls === null && (
        <p class="dim hint">
          {l10n.t(
            "Runs that should change nothing, or change it in another way, at the same tokens and layers.",
          )}
        </p>
      )}
      {sweep.controls?.map((control) => (
        <div key={control.name} class="control-run">
          <p>
            <b>{controlWords(control.name).name}</b> <span class="dim">{control.sentence}</span>
          </p>
          <PlotRow name={controlWords(control.name).short}>
            <div ref={plot}>
              <Strip
                sweep={{ rows: control.rows, layers: sweep.layers, standing: sweep.standing }}
                name={l10n.t("Control {0}, step through k", controlWords(control.name).name)}
                blocks={blocks}
                k={k}
                width={width}
                onStep={(next) => {
                  post({ type: "stepTo", k: next });
                }}
              />
            </div>
          </PlotRow>
          {control.state === "complete" && <ControlVerdict control={control} />}
        </div>
      ))}
    </Section>
  );
}

/** An identity that changed something says so loudly: nothing else on the page can be trusted then. */
function ControlVerdict({ control }: { readonly control: PanelControl }): VNode {
  const broken =
    control.name === "identity" &&
    control.rows.some((row) => row.klToBaseline !== 0 || row.outcome !== "target");
  if (broken)
    return (
      <p class="error-text">{l10n.t("Identity changed the model’s output: do not trust this result.")}</p>
    );
  return (
    <p class="dim control-verdict">
      <Words parts={control.verdict} marks />
    </p>
  );
}
